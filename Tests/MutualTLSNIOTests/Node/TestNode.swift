import Logging
import MutualTLS
import MutualTLSNIO
import NIOCore

/// Nodes of one cluster whose authority is `root`, on 127.0.0.1, that greet whoever connects.
enum TestNode {
    static func manager(_ name: String, roots: String = "root", logger: Logger? = nil) throws -> CertAuthManager {
        CertAuthManager(
            try TestPKI.identity(name),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try TestPKI.pool("root"),
            rootCAs: try TestPKI.pool(roots),
            logger: logger
        )
    }

    static func options(_ manager: (any IdentityProvider)?) -> NodeOptions {
        var options = NodeOptions(certManager: manager, currentTime: TestPKI.clock)
        options.network.acceptors = [acceptor()]
        options.network.dialer.limits.handshakeTimeout = Loopback.patience
        options.network.dialer.connectTimeout = Loopback.patience
        options.network.dialer.confirmation = .waits(upTo: Loopback.patience)
        return options
    }

    static func acceptor(_ manager: (any IdentityProvider)? = nil) -> AcceptorOptions {
        var acceptor = AcceptorOptions(host: "127.0.0.1", port: 0, certManager: manager)
        acceptor.limits = Loopback.patientOptions
        acceptor.limits.quietPeriod = .zero
        return acceptor
    }

    static func with(_ options: [NodeOptions], _ body: ([Node]) async throws -> Void) async throws {
        var nodes: [Node] = []
        let result: Result<Void, any Error>
        do {
            for (index, options) in options.enumerated() {
                nodes.append(
                    try await Node.start("node-\(index)", options: options, group: Loopback.group) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(Greeter())
                        }
                    }
                )
            }
            result = .success(try await body(nodes))
        } catch {
            result = .failure(error)
        }
        for node in nodes { await node.stop(deadline: .zero) }
        try result.get()
    }

    static func address(_ node: Node, acceptor: Int = 0) -> NodeAddress {
        NodeAddress(host: "127.0.0.1", port: node.ports[acceptor])
    }
}
