import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOEmbedded

/// A channel in memory with TLS and a recorder in it.
final class MemoryPeer {
    let channel = EmbeddedChannel()
    let events = EventRecorder()

    init(_ handler: MutualTLSHandler) throws {
        try channel.pipeline.syncOperations.addHandlers([HalfClosure(), handler, events])
    }

    /// Says of an embedded channel what a socket does: closing its output leaves its input open.
    private final class HalfClosure: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if mode == .output {
                promise?.succeed()
            } else {
                context.close(mode: mode, promise: promise)
            }
        }
    }

    func connect() throws {
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Takes the ciphertext that was flushed.
    func takeOutput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
        return bytes
    }

    /// Gives it bytes, and the end of the batch; errors are in `events`.
    func give(_ bytes: some Collection<UInt8>) {
        channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        channel.pipeline.fireChannelReadComplete()
        channel.embeddedEventLoop.run()
    }

    func write(_ text: String) -> EventLoopFuture<Void> {
        channel.writeAndFlush(ByteBuffer(string: text))
    }
}

/// Two channels whose bytes go to each other, in pieces.
struct BackToBack {
    let server: MemoryPeer
    let client: MemoryPeer

    init(
        server: MutualTLSServer,
        client: MutualTLSClient,
        serverLimits: MutualTLSLimits = .server,
        clientLimits: MutualTLSLimits = .client
    ) throws {
        self.server = try MemoryPeer(MutualTLSHandler(server: server, limits: serverLimits))
        self.client = try MemoryPeer(MutualTLSHandler(client: client, limits: clientLimits))
    }

    func connect() throws {
        try server.connect()
        try client.connect()
    }

    /// Moves bytes until neither side has any.
    func pump(pieces: Int = .max) throws {
        while true {
            let fromClient = try client.takeOutput()
            BackToBack.give(fromClient, to: server, pieces)
            let fromServer = try server.takeOutput()
            BackToBack.give(fromServer, to: client, pieces)
            if fromClient.isEmpty, fromServer.isEmpty { return }
        }
    }

    private static func give(_ bytes: [UInt8], to peer: MemoryPeer, _ size: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            peer.give(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
    }
}
