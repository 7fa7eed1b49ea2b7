import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("A node's static routes")
struct StaticRouteTests {
    @Test("lead to other ports with another certificate, other roots and another server name")
    func otherCertificate() async throws {
        let named = TestNode.options(try TestNode.manager("named"))
        try await TestNode.with([named]) { servers in
            var options = TestNode.options(try TestNode.manager("foreign", roots: "other-root"))
            options.network.routes = [
                StaticRoute(
                    "^partner$",
                    to: TestNode.address(servers[0]),
                    certManager: CertManager(try TestPKI.identity("alpha")),
                    rootCAs: try TestPKI.pool("root"),
                    serverName: try ServerName("named.test")
                )
            ]
            try await TestNode.with([options]) { nodes in
                let connection = try await nodes[0].connect(to: "partner")
                #expect(connection.isLocally("alpha"))
                #expect(connection.peerIdentity?.displayName == "named")
            }
        }
    }

    @Test("present no certificate without a manager of their own, whatever the node's is")
    func noCertificate() async throws {
        let beta = TestNode.options(try TestNode.manager("beta"))
        let open = TestNode.options(CertAuthManager(try TestPKI.identity("alpha"), clientAuth: .requestClientCert))
        try await TestNode.with([beta, open]) { servers in
            var options = TestNode.options(try TestNode.manager("alpha"))
            options.network.routes = [
                StaticRoute("beta", to: TestNode.address(servers[0]), rootCAs: try TestPKI.pool("root")),
                StaticRoute("open", to: TestNode.address(servers[1]), rootCAs: try TestPKI.pool("root")),
            ]
            try await TestNode.with([options]) { nodes in
                let failure = await #expect(throws: ConnectionFailure.self) { try await nodes[0].connect(to: "beta") }
                #expect(failure?.alertReceived == .certificateRequired)
                let connection = try await nodes[0].connect(to: "open")
                #expect(connection.information.certificateRequested)
                #expect(connection.localCertificate == nil)
            }
        }
    }

    @Test("and other connections take a client's settings whole: revocation and sessions")
    func wholeSettings() async throws {
        let lists = RevocationListManager(try TestPKI.lists("nobody").lists)
        var server = TestNode.options(try TestNode.manager("server"))
        server.network.configureServer = { $0.sessions = .scoped() }
        try await TestNode.with([server]) { servers in
            var options = TestNode.options(try TestNode.manager("alpha"))
            options.network.configureClient = { settings in
                settings.sessions = .scoped()
                settings.revocation = .leaf(from: lists)
            }
            options.network.routes = [
                StaticRoute(
                    "server",
                    to: TestNode.address(servers[0]),
                    certManager: CertManager(try TestPKI.identity("alpha")),
                    rootCAs: try TestPKI.pool("root")
                )
            ]
            try await TestNode.with([options]) { nodes in
                for connect in [
                    { try await nodes[0].connect(to: "server") },
                    { try await nodes[0].connect(address: TestNode.address(servers[0])) },
                ] as [() async throws -> NodeConnection] {
                    #expect(try await connect().information.didResume == false)
                    let resumed = try await connect()
                    #expect(resumed.information.didResume)
                    #expect(resumed.peerIdentity?.displayName == "server")
                }
                lists.update(try TestPKI.lists("server-revoked"))
                for connect in [
                    { try await nodes[0].connect(to: "server") },
                    { try await nodes[0].connect(address: TestNode.address(servers[0])) },
                ] as [() async throws -> NodeConnection] {
                    let failure = await #expect(throws: ConnectionFailure.self) { try await connect() }
                    #expect(failure?.reason == .revoked)
                }
            }
        }
    }

    @Test("aren't matched by letters that only look like theirs")
    func unicodeNames() throws {
        let route = StaticRoute("^K$", to: NodeAddress(host: "127.0.0.1"))
        #expect(try route.matches("K"))
        #expect(try !route.matches("\u{212A}"))
    }

    @Test("match anywhere in a name, are tried in their order, and keep the resolver out")
    func order() async throws {
        let beta = TestNode.options(try TestNode.manager("beta"))
        try await TestNode.with([beta]) { servers in
            let address = TestNode.address(servers[0])
            let manager = try TestNode.manager("alpha")
            var options = TestNode.options(manager)
            options.network.routes = [
                StaticRoute("bet", to: address, certManager: try TestNode.manager("foreign")),
                StaticRoute("beta", to: address, certManager: manager),
                StaticRoute("gamma", to: address, certManager: manager),
            ]
            options.network.resolver = { $0 == "delta" || $0 == "alphabet" ? address : nil }
            try await TestNode.with([options]) { nodes in
                await #expect(throws: ConnectionFailure.self) { try await nodes[0].connect(to: "alphabet") }
                // The first route refuses the server, the second one is the way.
                #expect(try await nodes[0].connect(to: "beta").isLocally("alpha"))
                let routed = try await nodes[0].connect(to: "a-gamma-b")
                #expect(routed.isLocally("alpha"))
                let resolved = try await nodes[0].connect(to: "delta")
                #expect(resolved.isLocally("alpha"))
                let error = await #expect(throws: MutualTLSError.self) { try await nodes[0].connect(to: "epsilon") }
                #expect(error?.code == .noRoute)
            }
        }
    }

    @Test("and acceptors are checked before anything listens", arguments: Fault.allCases)
    func faults(fault: Fault) async throws {
        let manager = try TestNode.manager("alpha")
        var options = TestNode.options(manager)
        let address = NodeAddress(host: "127.0.0.1", port: 1)
        let code: MutualTLSError.Code
        switch fault {
        case .pattern:
            options.network.routes = [StaticRoute("(", to: address, certManager: manager)]
            code = .invalidRoute
        case .rootsOfRoute:
            options.network.routes = [StaticRoute("x", to: address)]
            code = .missingRootCAs
        case .identity:
            options.certManager = nil
            code = .missingIdentity
        case .clientCAs:
            options.network.acceptors.append(
                TestNode.acceptor(
                    CertAuthManager(try TestPKI.identity("alpha"), clientAuth: .requireAndVerifyClientCert)
                )
            )
            code = .missingClientCAs
        }
        let error = await #expect(throws: MutualTLSError.self) {
            try await TestNode.with([options]) { _ in }
        }
        #expect(error?.code == code)
    }

    enum Fault: CaseIterable { case pattern, rootsOfRoute, identity, clientCAs }
}
