internal import MutualTLS
internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1

@testable internal import MutualTLSNIO
@testable internal import MutualTLSSystems

/// Plain bytes behind TLS. The first byte says how the rest is cut.
enum ChannelInputs {
    static func nats(_ bytes: [UInt8]) {
        feed(bytes) { try $0.addHandler(ByteToMessageHandler(NATSDecoder())) }
    }

    static func http(_ bytes: [UInt8]) {
        feed(bytes) { pipeline in
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
            try pipeline.addHandler(
                HTTPServerExchange(HTTPServerOptions(), { Timestamp(secondsSinceEpoch: 0) }, nil) { .text($0.path) }
            )
        }
    }

    private static func feed(
        _ bytes: [UInt8],
        _ setUp: (ChannelPipeline.SynchronousOperations) throws -> Void
    ) {
        let channel = EmbeddedChannel()
        do {
            try setUp(channel.pipeline.syncOperations)
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
        } catch {
            fatalError("a pipeline can't be made: \(error)")
        }
        let pieces = bytes.first.map { $0 < 0x80 ? bytes.count : 1 + Int($0 & 0x0F) } ?? 1
        var rest = bytes.dropFirst()
        while !rest.isEmpty, channel.isActive {
            _ = try? channel.writeInbound(ByteBuffer(bytes: rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
            channel.embeddedEventLoop.run()
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
