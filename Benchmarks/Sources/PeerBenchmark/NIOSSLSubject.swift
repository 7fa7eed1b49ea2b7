import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// swift-nio-ssl, in channels that are joined by hand.
final class NIOSSLSubject: Subject {
    private let server: NIOSSLContext
    private let client: NIOSSLContext
    private let version: TLSVersion

    init(_ version: Version, folder: String) throws {
        let roots = NIOSSLTrustRoots.file("\(folder)/root.crt")
        func chain(_ name: String) throws -> [NIOSSLCertificateSource] {
            try NIOSSLCertificate.fromPEMFile("\(folder)/\(name).pem").map { .certificate($0) }
        }
        func key(_ name: String) throws -> NIOSSLPrivateKeySource {
            .privateKey(try NIOSSLPrivateKey(file: "\(folder)/\(name).key", format: .pem))
        }
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain("server"),
            privateKey: try key("server")
        )
        server.trustRoots = roots
        server.certificateVerification = .noHostnameVerification
        var client = TLSConfiguration.makeClientConfiguration()
        client.trustRoots = roots
        client.certificateChain = try chain("client")
        client.privateKey = try key("client")
        self.version = version == .tls12 ? .tlsv12 : .tlsv13
        server.sendCANameList = true
        Self.choose(self.version, &server)
        Self.choose(self.version, &client)
        self.server = try NIOSSLContext(configuration: server)
        self.client = try NIOSSLContext(configuration: client)
    }

    func open(resuming: Bool) throws -> any Link {
        if resuming { throw BenchmarkError.unsupported("swift-nio-ssl has no way to offer a session") }
        return try NIOSSLLink(server: server, client: client, version)
    }

    /// The choice of libssl, as far as settings go: BoringSSL has none for the suites of TLS 1.3. P-256 is there for the
    /// certificates, whose curve must be among the curves in TLS 1.2.
    private static func choose(_ version: TLSVersion, _ configuration: inout TLSConfiguration) {
        configuration.minimumTLSVersion = version
        configuration.maximumTLSVersion = version
        configuration.cipherSuiteValues = [.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]
        configuration.curves = [.x25519, .secp256r1]
    }
}

private final class NIOSSLLink: Link {
    let isResumed = false
    private let server = EmbeddedChannel()
    private let client = EmbeddedChannel()
    private let version: TLSVersion

    init(server context: NIOSSLContext, client clientContext: NIOSSLContext, _ version: TLSVersion) throws {
        self.version = version
        let ends = (server: HandshakeEnd(), client: HandshakeEnd())
        try server.pipeline.syncOperations.addHandlers([NIOSSLServerHandler(context: context), ends.server])
        try client.pipeline.syncOperations.addHandlers([
            try NIOSSLClientHandler(context: clientContext, serverHostname: "server.test"), ends.client,
        ])
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        try server.connect(to: address).wait()
        try client.connect(to: address).wait()
        try carry()
        guard ends.server.isDone, ends.client.isDone else { throw BenchmarkError.handshake("swift-nio-ssl") }
    }

    deinit {
        // A channel is closed once the other side has answered close_notify; finish() would wait for that for ever.
        for channel in [server, client] {
            channel.close(promise: nil)
            try? carry()
        }
    }

    var isMutual: Bool {
        get throws {
            try [server, client].allSatisfy {
                let operations = $0.pipeline.syncOperations
                return try operations.nioSSL_peerCertificate() != nil && operations.nioSSL_tlsVersion() == version
            }
        }
    }

    func transfer(_ block: [UInt8]) throws -> Int {
        var buffer = server.allocator.buffer(capacity: block.count)
        block.withUnsafeBytes { _ = buffer.writeBytes($0) }
        try server.writeOutbound(buffer)
        try carry()
        var count = 0
        while let buffer = try client.readInbound(as: ByteBuffer.self) { count += buffer.readableBytes }
        return count
    }

    /// Not optimized: with Swift 6.3 the specialized loop crashes on a buffer that is freed already, which by its backtrace
    /// is released once too often.
    @_optimize(none)
    private func carry() throws {
        var isMoving = true
        while isMoving {
            isMoving = false
            for (from, to) in [(client, server), (server, client)] {
                while let bytes = try from.readOutbound(as: ByteBuffer.self) {
                    try to.writeInbound(bytes)
                    isMoving = true
                }
            }
        }
    }
}

private final class HandshakeEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var isDone = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { isDone = true }
        context.fireUserInboundEventTriggered(event)
    }
}
