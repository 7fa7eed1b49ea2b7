internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1

@testable internal import MutualTLS
@testable internal import MutualTLSNIO
@testable internal import MutualTLSSystems

/// Plain bytes behind TLS. The first byte says how the rest is cut.
enum ChannelInputs {
    static func nats(_ bytes: [UInt8]) {
        feed(bytes) { try $0.addHandler(ByteToMessageHandler(NATSDecoder())) }
    }

    /// Requests on a connection of `server.test`, which has a policy of its own. Nobody is on the list: a handler would
    /// answer on a thread, and the channel has none.
    static func http(_ bytes: [UInt8]) {
        feed(bytes, after: MutualTLSEvent.handshakeCompleted(connection)) { pipeline in
            var options = HTTPServerOptions()
            options.authorization = AuthorizationRules([])
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
            try pipeline.addHandler(
                HTTPServerExchange(options, TLSInputs.hosts, nil) { _ in fatalError("nobody is authorized") }
            )
        }
    }

    private static let connection = ConnectionInformation(
        peerCertificates: [],
        verifiedChain: [],
        verifiedChainLength: 0,
        isPeerVerified: false,
        localCertificate: nil,
        sni: "server.test",
        acceptableCANames: [],
        certificateRequested: false,
        version: .tls13,
        cipherSuite: nil,
        applicationProtocol: nil,
        alertSent: nil,
        alertReceived: nil,
        didResume: false
    )

    private static func feed(
        _ bytes: [UInt8],
        after event: MutualTLSEvent? = nil,
        _ setUp: (ChannelPipeline.SynchronousOperations) throws -> Void
    ) {
        let channel = EmbeddedChannel()
        do {
            try setUp(channel.pipeline.syncOperations)
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
        } catch {
            fatalError("a pipeline can't be made: \(error)")
        }
        if let event { channel.pipeline.fireUserInboundEventTriggered(event) }
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
