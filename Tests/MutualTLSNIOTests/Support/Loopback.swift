import Glibc
import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix

/// An acceptor on 127.0.0.1 that greets, and the failures of its connections.
struct Loopback: Sendable {
    static let group = MultiThreadedEventLoopGroup.singleton

    /// So long that a busy machine is never taken for a stalled peer; tests of the limits set their own.
    static let patience = TimeAmount.minutes(5)

    static var patientOptions: MutualTLSAcceptorOptions {
        var options = MutualTLSAcceptorOptions()
        options.limits.handshakeTimeout = patience
        options.limits.lingerTimeout = patience
        return options
    }

    let acceptor: MutualTLSAcceptor
    let failures: AsyncStream<ConnectionFailure>

    static func with(
        _ server: MutualTLSServer,
        options: MutualTLSAcceptorOptions = patientOptions,
        _ body: (Loopback) async throws -> Void
    ) async throws {
        let (failures, continuation) = AsyncStream.makeStream(of: ConnectionFailure.self)
        let acceptor = try await MutualTLSAcceptor.bind(
            server,
            host: "127.0.0.1",
            port: 0,
            group: group,
            options: options
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([FailureReporter(continuation), Greeter()])
            }
        }
        do {
            try await body(Loopback(acceptor: acceptor, failures: failures))
        } catch {
            await acceptor.shutdown(deadline: .zero)
            throw error
        }
        await acceptor.shutdown(deadline: .zero)
    }

    /// Connects with our own client; the greeting is `hello` and the name.
    func dial(
        _ client: MutualTLSClient,
        confirmation: MutualTLSDialerOptions.Confirmation = .waits(upTo: patience),
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void> = {
            $0.eventLoop.makeSucceededVoidFuture()
        }
    ) async throws -> DialedConnection {
        var options = MutualTLSDialerOptions()
        options.confirmation = confirmation
        options.limits.handshakeTimeout = Loopback.patience
        options.connectTimeout = Loopback.patience
        return try await MutualTLSDialer(client, group: Loopback.group, options: options)
            .connect(host: "127.0.0.1", port: acceptor.port, initializer: initializer)
    }

    /// Connects and returns the greeting.
    func greeting(_ client: MutualTLSClient, count: Int) async throws -> String {
        let promise = Loopback.group.any().makePromise(of: [UInt8].self)
        do {
            let connection = try await dial(client) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(count, promise))
                }
            }
            let bytes = try await promise.futureResult.get()
            try await connection.channel.close().get()
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            promise.fail(error)
            throw error
        }
    }

    /// Connects without TLS.
    func connectPlain(resetsOnClose: Bool = false) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: Loopback.group)
            .connect(host: "127.0.0.1", port: acceptor.port).get()
        if resetsOnClose, let options = channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        return channel
    }

    private final class FailureReporter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer
        let continuation: AsyncStream<ConnectionFailure>.Continuation

        init(_ continuation: AsyncStream<ConnectionFailure>.Continuation) {
            self.continuation = continuation
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let failure = error as? ConnectionFailure { continuation.yield(failure) }
        }
    }
}
