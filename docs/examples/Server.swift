import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import NIOCore
import NIOPosix

/// Serves mutual TLS on a free port, and says hello to each client by its verified name.
func startServer(_ folder: String) async throws -> MutualTLSAcceptor {
    let identity = try IdentityFiles(certificate: "\(folder)/server.crt", privateKey: "\(folder)/server.key").load()
    var settings = MutualTLSConfiguration.Server(identity: identity)
    settings.clientAuth = .requireAndVerifyClientCert
    settings.clientCAs = try CertificatePoolFiles("\(folder)/root.crt").load()
    let server = try settings.resolve()  // one error says what is wrong, before any byte flows
    let group = MultiThreadedEventLoopGroup.singleton
    return try await MutualTLSAcceptor.bind(server, host: "127.0.0.1", port: 0, group: group) { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Hello()) }
    }
}

final class Hello: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let connection)? = event as? MutualTLSEvent else { return }
        let name = connection.peerIdentity?.displayName ?? "unknown"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello \(name)\n")), promise: nil)
    }
}
