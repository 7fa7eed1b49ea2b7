import Foundation
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import NIOCore

/// Nodes of an Ergo cluster: each has a certificate of the cluster's authority, and verifies the others' by it.
public enum ErgoSystem {
    struct Settings: Decodable {
        struct Member: Decodable {
            var name: String
            var certificate: String
            var privateKey: String
        }

        var clusterCA: String
        var clientAuth: String
        var host: String
        var port: Int
        /// The first one listens, and the others call it.
        var nodes: [Member]
    }

    /// Starts the nodes of a configuration file.
    public static func start(_ file: String) async throws -> RunningSystem {
        let settings = try ConfigurationFileError.read(file, as: Settings.self)
        let folder = URL(filePath: file).deletingLastPathComponent().path()
        let mode = try ConfigurationFileError.mode(settings.clientAuth, in: file)
        let clusterCA = try CertificatePoolFiles("\(folder)/\(settings.clusterCA)").load()
        guard let first = settings.nodes.first else {
            throw ConfigurationFileError(description: "\(file): expected at least one node, found none")
        }
        func manager(_ member: Settings.Member) throws -> (CertAuthManager, IdentityReloader) {
            let files = IdentityFiles(
                certificate: "\(folder)/\(member.certificate)",
                privateKey: "\(folder)/\(member.privateKey)"
            )
            let reloader = try IdentityReloader(files, at: SystemClock.now())
            // gen.CreateCertAuthManager, SetClientCAs, SetClientAuth and SetRootCAs of the documentation.
            let manager = CertAuthManager(
                reloader.identity,
                clientAuth: mode,
                clientCAs: mode.verifiesCertificate ? clusterCA : nil,
                rootCAs: clusterCA
            )
            reloader.keepUpdated(manager)
            return (manager, reloader)
        }
        let (listening, reloader) = try manager(first)
        var network = NetworkOptions()
        network.acceptors = [AcceptorOptions(host: settings.host, port: settings.port)]
        let node = try await Node.start(first.name, options: NodeOptions(certManager: listening, network: network)) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NodeGreeter(first.name))
            }
        }
        var events: [String] = []
        for member in settings.nodes.dropFirst() {
            var network = NetworkOptions()
            network.acceptors = []
            let caller = try await Node.start(
                member.name,
                options: NodeOptions(certManager: try manager(member).0, network: network)
            ) { $0.eventLoop.makeSucceededVoidFuture() }
            do {
                let text = try await call(caller, settings.host, node.ports[0])
                events.append("\(member.name) called \(first.name), and heard: \(text)")
            } catch {
                events.append("\(member.name) called \(first.name), and failed: \(error)")
            }
            await caller.stop(deadline: .seconds(1))
        }
        return RunningSystem(port: node.ports[0], events: events, identity: reloader) {
            await node.stop(deadline: .seconds(2))
        }
    }

    private static func call(_ node: Node, _ host: String, _ port: Int) async throws -> String {
        let heard = AsyncThrowingStream.makeStream(of: String.self)
        let connection = try await node.connect(address: NodeAddress(host: host, port: port)) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FirstLine(heard.continuation))
            }
        }
        defer { connection.channel.close(promise: nil) }
        for try await text in heard.stream { return text }
        return "nothing"
    }
}

/// Greets each node by its verified name, and echoes what it says.
private final class NodeGreeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let name: String

    init(_ name: String) {
        self.name = name
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let connection)? = event as? MutualTLSEvent {
            let peer = connection.peerIdentity?.displayName ?? "unknown"
            let text = ByteBuffer(string: "hello \(peer), this is \(name)\n")
            context.writeAndFlush(wrapOutboundOut(text), promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }
}

/// Hands the first bytes on, or the reason why there are none.
private final class FirstLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let lines: AsyncThrowingStream<String, any Error>.Continuation

    init(_ lines: AsyncThrowingStream<String, any Error>.Continuation) {
        self.lines = lines
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.yield(String(buffer: unwrapInboundIn(data)).filter { !$0.isNewline })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lines.finish(throwing: error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lines.finish()
    }
}
