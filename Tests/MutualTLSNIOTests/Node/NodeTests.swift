import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("A node")
struct NodeTests {
    @Test("listens on the host of its name, as Ergo's default acceptor does")
    func hostOfName() async throws {
        var options = TestNode.options(try TestNode.manager("alpha"))
        options.network.acceptors[0].host = nil
        let node = try await Node.start("alpha@127.0.0.9", options: options, group: Loopback.group) {
            $0.eventLoop.makeSucceededVoidFuture()
        }
        let elsewhere = await #expect(throws: MutualTLSError.self) {
            try await node.connect(address: NodeAddress(host: "127.0.0.1", port: node.ports[0]))
        }
        #expect(elsewhere?.code == .network)
        await node.stop(deadline: .zero)
    }

    @Test("listens on the documented port by default, on every address")
    func defaults() {
        let options = NetworkOptions()
        #expect(options.acceptors.map(\.port) == [15_000])
        #expect(options.acceptors.map(\.host) == [nil])
        #expect(!options.insecureSkipVerify)
    }

    @Test(
        "meets another one with its manager's certificate, and both prove who they are",
        .timeLimit(.minutes(1)),
        arguments: TLSVersion.allCases
    )
    func cluster(version: TLSVersion) async throws {
        var alpha = TestNode.options(try TestNode.manager("alpha"))
        alpha.network.maximumVersion = version
        let beta = TestNode.options(try TestNode.manager("beta"))
        try await TestNode.with([alpha, beta]) { nodes in
            let connection = try await nodes[0].connect(address: TestNode.address(nodes[1]))
            #expect(connection.information.version == version)
            #expect(connection.peerIdentity?.displayName == "beta")
            #expect(connection.localCertificate?.commonName == "alpha")
            // In TLS 1.2 the caller may be told of the end of the handshake before the node that listens is.
            while nodes[1].connections.isEmpty { await Task.yield() }
            let incoming = try #require(nodes[1].connections.first)
            #expect(incoming.direction == .incoming)
            #expect(incoming.peerIdentity?.displayName == "alpha")
            #expect(incoming.localCertificate?.commonName == "beta")
            #expect(nodes[0].connections.map(\.direction) == [.outgoing])
        }
    }

    @Test("refuses a stranger with an alert that reaches it")
    func stranger() async throws {
        let beta = TestNode.options(try TestNode.manager("beta"))
        let stranger = TestNode.options(try TestNode.manager("foreign"))
        try await TestNode.with([beta, stranger]) { nodes in
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            #expect(failure?.alertReceived == .unknownCA)
            #expect(nodes[0].connections.isEmpty)
        }
    }

    @Test("asks nobody for a certificate with a manager of an identity alone")
    func identityAlone() async throws {
        let plain = TestNode.options(CertManager(try TestPKI.identity("beta")))
        let alpha = TestNode.options(try TestNode.manager("alpha"))
        try await TestNode.with([plain, alpha]) { nodes in
            let connection = try await nodes[1].connect(address: TestNode.address(nodes[0]))
            #expect(connection.localCertificate == nil)
            // It has no roots, and none never means the system's.
            let error = await #expect(throws: MutualTLSError.self) {
                try await nodes[0].connect(address: TestNode.address(nodes[1]))
            }
            #expect(error?.code == .missingRootCAs)
        }
    }

    @Test("gives an acceptor its own manager where there is one")
    func acceptorOverride() async throws {
        var options = TestNode.options(try TestNode.manager("beta"))
        let open = CertAuthManager(try TestPKI.identity("alpha-renewed"))
        options.network.acceptors = [TestNode.acceptor(), TestNode.acceptor(open)]
        let anonymous = TestNode.options(try TestNode.manager("foreign"))
        try await TestNode.with([options, anonymous]) { nodes in
            let connection = try await nodes[1].connect(address: TestNode.address(nodes[0], acceptor: 1))
            #expect(connection.peerIdentity?.displayName == "alpha-renewed")
            await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0], acceptor: 0))
            }
        }
    }

    @Test("verifies no server with insecureSkipVerify, and any other way only those of its roots")
    func insecure() async throws {
        let beta = TestNode.options(try TestNode.manager("beta"))
        let misled = TestNode.options(try TestNode.manager("alpha", roots: "other-root"))
        var careless = misled
        careless.network.insecureSkipVerify = true
        try await TestNode.with([beta, misled, careless]) { nodes in
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            #expect(failure?.reason == .unknownAuthority)
            let connection = try await nodes[2].connect(address: TestNode.address(nodes[0]))
            #expect(connection.peerIdentity == nil)
            #expect(connection.information.peerCertificates.first?.commonName == "beta")
        }
    }

    @Test("expects the manager's server name instead of the host, where one is set")
    func serverName() async throws {
        let named = TestNode.options(try TestNode.manager("named"))
        let manager = try TestNode.manager("alpha")
        let unaware = TestNode.options(manager)
        try await TestNode.with([named, unaware]) { nodes in
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            #expect(failure?.reason == .nameMismatch)
            manager.setServerName(try ServerName("named.test"))
            try await TestNode.with([TestNode.options(manager)]) { restarted in
                let connection = try await restarted[0].connect(address: TestNode.address(nodes[0]))
                #expect(connection.information.sni == "named.test")
            }
        }
    }

    @Test("stops gracefully: peers see the end, and nothing connects any more")
    func stop() async throws {
        let alpha = TestNode.options(try TestNode.manager("alpha"))
        let beta = TestNode.options(try TestNode.manager("beta"))
        try await TestNode.with([alpha, beta]) { nodes in
            let outgoing = try await nodes[0].connect(address: TestNode.address(nodes[1]))
            let incoming = try await nodes[1].connect(address: TestNode.address(nodes[0]))
            await nodes[0].stop(deadline: Loopback.patience)
            try await outgoing.channel.closeFuture.get()
            try await incoming.channel.closeFuture.get()
            let stopped = await #expect(throws: MutualTLSError.self) {
                try await nodes[0].connect(address: TestNode.address(nodes[1]))
            }
            #expect(stopped?.code == .connectionClosed)
            let refused = await #expect(throws: MutualTLSError.self) {
                try await nodes[1].connect(address: TestNode.address(nodes[0]))
            }
            #expect(refused?.code == .network)
        }
    }
}
