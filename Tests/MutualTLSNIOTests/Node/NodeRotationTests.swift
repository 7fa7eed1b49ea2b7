import LogCapture
import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("A node's rotation")
struct NodeRotationTests {
    @Test("shows the new certificate to new connections, while existing ones keep and report the old")
    func update() async throws {
        let manager = try TestNode.manager("alpha")
        let alpha = TestNode.options(manager)
        let beta = TestNode.options(try TestNode.manager("beta"))
        try await TestNode.with([alpha, beta]) { nodes in
            let before = try await nodes[0].connect(address: TestNode.address(nodes[1]))
            let incoming = try await nodes[1].connect(address: TestNode.address(nodes[0]))
            manager.update(try TestPKI.identity("alpha-renewed"))
            let after = try await nodes[0].connect(address: TestNode.address(nodes[1]))
            let incomingAfter = try await nodes[1].connect(address: TestNode.address(nodes[0]))
            #expect(before.localCertificate?.commonName == "alpha")
            #expect(after.localCertificate?.commonName == "alpha-renewed")
            #expect(incoming.peerIdentity?.displayName == "alpha")
            #expect(incomingAfter.peerIdentity?.displayName == "alpha-renewed")
            #expect(before.channel.isActive)

            // The documented remedy: close what still uses the old certificate, and connect anew.
            let stale = nodes[0].connections.filter { $0.localCertificate != manager.identity.certificate }
            #expect(stale.count == 2)
            for connection in stale { try await connection.channel.close().get() }
            #expect(nodes[0].connections.allSatisfy { $0.localCertificate?.commonName == "alpha-renewed" })
        }
    }

    @Test("keeps pools and mode of the start, says so in the log, and takes the change at the next start")
    func fixedPools() async throws {
        let log = LogLines()
        let manager = try TestNode.manager("beta", logger: log.logger)
        let stranger = TestNode.options(try TestNode.manager("foreign"))
        try await TestNode.with([TestNode.options(manager), stranger]) { nodes in
            manager.setClientCAs(try TestPKI.pool("root", "other-root"))
            await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            #expect(log.all.contains { $0.hasPrefix("warning: ClientCAs changed: no effect until restart") })
            try await TestNode.with([TestNode.options(manager)]) { restarted in
                let connection = try await nodes[1].connect(address: TestNode.address(restarted[0]))
                #expect(connection.isLocally("foreign"))
            }
        }
    }

    @Test("keeps the roots of the start for outgoing connections too")
    func fixedRoots() async throws {
        let manager = try TestNode.manager("alpha", roots: "other-root")
        let beta = TestNode.options(try TestNode.manager("beta"))
        try await TestNode.with([TestNode.options(manager), beta]) { nodes in
            manager.setRootCAs(try TestPKI.pool("root"))
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await nodes[0].connect(address: TestNode.address(nodes[1]))
            }
            #expect(failure?.reason == .unknownAuthority)
        }
    }

    @Test("takes pools afresh for each connection where they are live")
    func livePools() async throws {
        let serving = try TestNode.manager("beta")
        let dialing = try TestNode.manager("foreign", roots: "other-root")
        var server = TestNode.options(serving)
        var client = TestNode.options(dialing)
        server.poolPolicy = .live
        client.poolPolicy = .live
        try await TestNode.with([server, client]) { nodes in
            await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            serving.setClientCAs(try TestPKI.pool("other-root"))
            dialing.setRootCAs(try TestPKI.pool("root"))
            let connection = try await nodes[1].connect(address: TestNode.address(nodes[0]))
            #expect(connection.isLocally("foreign"))
        }
    }
}

extension NodeConnection {
    func isLocally(_ name: String) -> Bool { localCertificate?.commonName == name }
}
