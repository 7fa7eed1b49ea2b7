import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import NIOCore
import NIOPosix

/// Connects with a certificate, and returns what the server says first.
func greeting(port: Int, _ folder: String) async throws -> String {
    let identity = try IdentityFiles(certificate: "\(folder)/client.crt", privateKey: "\(folder)/client.key").load()
    var settings = MutualTLSConfiguration.Client(identity: identity)
    settings.rootCAs = try CertificatePoolFiles("\(folder)/root.crt").load()
    settings.serverName = try ServerName("localhost")
    let group = MultiThreadedEventLoopGroup.singleton
    let greeting = group.any().makePromise(of: String.self)
    let connection: DialedConnection
    do {
        connection = try await MutualTLSDialer(settings.resolve(), group: group)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FirstBytes(greeting))
                }
            }
    } catch {
        greeting.fail(error)
        throw error
    }
    // A TLS 1.3 server that refuses the certificate says so only now: only its bytes prove that it accepted.
    let text = try await greeting.futureResult.get()
    try await connection.channel.close().get()
    return text
}

final class FirstBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let promise: EventLoopPromise<String>

    init(_ promise: EventLoopPromise<String>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        promise.succeed(String(buffer: unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)  // a ConnectionFailure: what was expected, what was found, the alert
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}
