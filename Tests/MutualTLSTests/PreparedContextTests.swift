import MutualTLS
import Synchronization
import Testing
import ThrowawayPKI

/// After many handshakes with one identity its certificate and key come from a prepared context: nothing else changes.
@Suite("Prepared contexts")
struct PreparedContextTests {
    @Test("handshake after handshake both sides present and announce the same", arguments: versions)
    func unchanged(version: TLSVersion) throws {
        let server = try serverSettings(version: version, pool: shared.pool("root", "other-root")).resolve()
        let client = try clientSettings(shared.identity("client")).resolve()
        for number in 1...many {
            let pair = try Pairing(server, client)
            try pair.exchange()
            #expect(pair.isAccepted, "handshake \(number)")
            let (atServer, atClient) = (pair.server.information, pair.client.information)
            #expect(atClient.peerCertificates == [try shared.certificate("server")], "handshake \(number)")
            #expect(atServer.peerCertificates == [try shared.certificate("client")], "handshake \(number)")
            #expect(
                atClient.acceptableCANames == (try shared.pool("root", "other-root").subjects),
                "handshake \(number)"
            )
            #expect(atServer.isPeerVerified && atClient.isPeerVerified, "handshake \(number)")
        }
    }

    @Test("servers that share an identity announce and trust each their own", arguments: versions)
    func sharedIdentity(version: TLSVersion) throws {
        let identity = try shared.identity("server")
        let client = try clientSettings(shared.identity("client")).resolve()
        let settings = [("root", true), ("other-root", false)]
        let servers = try settings.map { root, _ in
            try serverSettings(version: version, pool: shared.pool(root), identity: identity).resolve()
        }
        for server in servers { try prepare(server, client) }
        for _ in 0..<3 {
            for (server, (root, isTrusted)) in zip(servers, settings) {
                let pair = try Pairing(server, client)
                try pair.exchange()
                #expect(pair.client.information.acceptableCANames.map(\.text) == ["CN=\(root)"])
                #expect(pair.isAccepted == isTrusted)
                #expect(pair.server.failure?.reason == (isTrusted ? nil : .unknownAuthority))
            }
        }
    }

    @Test("rotation changes identity, names and trust from the next handshake on", arguments: versions)
    func rotation(version: TLSVersion) throws {
        let manager = CertAuthManager(
            try shared.identity("server"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try shared.pool("other-root")
        )
        var settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: clock)
        settings.minimumVersion = version
        settings.maximumVersion = version
        let server = try settings.resolve()
        let client = try clientSettings(shared.identity("untrusted")).resolve()
        for _ in 1...many {
            let pair = try Pairing(server, client)
            try pair.exchange()
            #expect(pair.isAccepted)
        }
        try manager.update(
            shared.identity("server-2"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: shared.pool("root")
        )
        let pair = try Pairing(server, client)
        try pair.exchange()
        #expect(!pair.isAccepted)
        #expect(pair.client.information.peerCertificates == [try shared.certificate("server-2")])
        #expect(pair.client.information.acceptableCANames.map { $0.text } == ["CN=root"])
    }

    @Test("a client that refuses its server still says why", arguments: versions)
    func refusal(version: TLSVersion) throws {
        let server = try serverSettings(version: version).resolve()
        var settings = try clientSettings(shared.identity("client"))
        let trusting = try settings.resolve()
        settings.rootCAs = try shared.pool("other-root")
        let refusing = try settings.resolve()
        try prepare(server, trusting)
        for (client, alert) in [(trusting, nil), (refusing, Alert.unknownCA), (trusting, nil)] {
            let pair = try Pairing(server, client)
            try pair.exchange()
            #expect(pair.isAccepted == (alert == nil))
            #expect(pair.client.information.alertSent == alert)
            #expect(pair.server.information.alertReceived == alert)
        }
    }

    @Test("key logs go on", arguments: versions)
    func keyLog(version: TLSVersion) throws {
        let lines = Mutex<[String]>([])
        var settings = try serverSettings(version: version, identity: shared.identity("server"))
        settings.keyLog = { line in lines.withLock { $0.append(line) } }
        let (server, client) = (try settings.resolve(), try clientSettings(shared.identity("client")).resolve())
        try prepare(server, client)
        lines.withLock { $0 = [] }
        let pair = try Pairing(server, client)
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(lines.withLock { $0.count } == (version == .tls12 ? 1 : 5))
    }

    @Test("sessions are resumed as before", arguments: versions)
    func resumption(version: TLSVersion) throws {
        var settings = try serverSettings(version: version, identity: shared.identity("server"))
        settings.sessions = .scoped()
        let server = try settings.resolve()
        let identity = try shared.identity("client")
        var clientSide = try clientSettings(identity)
        clientSide.sessions = .scoped()
        for _ in 1...many {
            try Pairing(server, clientSide.resolve()).exchange()
        }
        let client = try clientSide.resolve()
        for number in 0..<3 {
            let pair = try Pairing(server, client)
            try pair.exchange()
            #expect(pair.isAccepted)
            #expect(pair.server.information.didResume == (number > 0))
            #expect(pair.server.information.isPeerVerified)
        }
    }

    private func prepare(_ server: MutualTLSServer, _ client: MutualTLSClient) throws {
        for _ in 1...many {
            try Pairing(server, client).exchange()
        }
    }
}

/// More than it takes until a context is made.
private let many = 40
