import OpenSSL
import Testing

@testable import MutualTLS

#if Selftest
import LibraryMutants
#endif

/// One server gives a session, and another with the same ticket keys is offered it: a configuration that changed.
@Suite("A server's scope")
struct ServerScopeTests {
    /// The outcome of a session that is offered after the change, and of a client that has none.
    private func outcomes(
        _ settings: SessionPair,
        change: (inout MutualTLSConfiguration.Server) throws -> Void
    ) throws -> (offered: Pairing, fresh: Pairing) {
        var changed = settings.server
        try change(&changed)
        let client = try settings.client.resolve()
        _ = try SessionPair.connect(settings.server.resolve(), client)
        let server = try changed.resolve()
        return (
            try SessionPair.connect(server, client),
            try SessionPair.connect(server, settings.client.resolve())
        )
    }

    @Test("A session ends with a change of the mode, in every direction", arguments: versions)
    func modes(version: TLSVersion) async throws {
        for credential in ["client", "untrusted", nil] {
            for old in ClientAuth.allCases {
                for new in ClientAuth.allCases where new != old {
                    let settings = try SessionPair(version, old, credential: credential)
                    let (offered, fresh) = try outcomes(settings) { $0.clientAuth = new }
                    #expect(offered.outcome == fresh.outcome, "\(old) to \(new) with \(credential ?? "nothing")")
                    #expect(offered.server.information.peerCertificates == fresh.server.information.peerCertificates)
                    #expect(offered.server.information.isPeerVerified == fresh.server.information.isPeerVerified)
                }
            }
            await Task.yield()
        }
    }

    @Test("A session goes on while nothing changes", arguments: versions)
    func unchanged(version: TLSVersion) throws {
        for mode in ClientAuth.allCases {
            #expect(try outcomes(SessionPair(version, mode)) { _ in }.offered.outcome == "resumed", "\(mode)")
        }
    }

    @Test(
        "A session ends with a change of the client CAs, and its client is judged by the new ones",
        arguments: versions
    )
    func pools(version: TLSVersion) throws {
        let (offered, _) = try outcomes(SessionPair(version)) { $0.clientCAs = try shared.pool("other-root") }
        expectRefusal(offered, .unknownCA, .unknownAuthority, version)
        let (wider, _) = try outcomes(SessionPair(version)) { $0.clientCAs = try shared.pool("root", "other-root") }
        #expect(wider.outcome == "full")
    }

    @Test("A session ends with a change of the announced CA names", arguments: versions)
    func names(version: TLSVersion) throws {
        #expect(try outcomes(SessionPair(version)) { $0.acceptableCANames = .none }.offered.outcome == "full")
    }

    @Test("A session ends with the server's identity, so that the client sees the new one", arguments: versions)
    func identity(version: TLSVersion) throws {
        let (offered, _) = try outcomes(SessionPair(version)) { $0.identity = try shared.identity("server-2") }
        #expect(offered.outcome == "full")
        #expect(offered.client.information.peerCertificates == [try shared.certificate("server-2")])
    }

    @Test("A session ends with a change of revocation, and the revoked are refused", arguments: versions)
    func revocation(version: TLSVersion) throws {
        let settings = try SessionPair(version, credential: "revoked")
        let (offered, _) = try outcomes(settings) { $0.revocation = .leaf([try shared.crl("root-crl")]) }
        expectRefusal(offered, .certificateRevoked, .revoked, version)
    }

    @Test("A session is not resumed under another server name (RFC 6066 section 3)", arguments: versions)
    func serverName(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        let server = try settings.server.resolve()
        settings.client.serverNameIndication = .verbatim("open.test")
        let open = try settings.client.resolve()
        settings.client.serverNameIndication = .verbatim("protected.test")
        let protected = try settings.client.resolve()
        _ = try SessionPair.connect(server, open)
        try open.lendSessions(to: protected)
        let pair = try SessionPair.connect(server, protected)
        #expect(pair.outcome == "full")

        settings.client.serverNameIndication = .verbatim("OPEN.test")
        let folded = try settings.client.resolve()
        _ = try SessionPair.connect(server, open)
        try open.lendSessions(to: folded)
        let same = try folded.makeConnection()
        let connection = try server.makeConnection()
        same.start()
        connection.receive(same.takeOutput())
        #expect(connection.engine.didResume, "letter case makes no other name")
    }

    @Test("A live change of mode and pool counts from the next ClientHello on", arguments: versions)
    func live(version: TLSVersion) throws {
        let manager = CertAuthManager(
            try shared.identity("server"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try shared.pool("root")
        )
        let settings = try SessionPair(version)
        var live = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: clock)
        live.minimumVersion = version
        live.maximumVersion = version
        live.sessions = .scoped()
        let (server, client) = (try live.resolve(), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        manager.setClientCAs(try shared.pool("other-root"))
        expectRefusal(try SessionPair.connect(server, client), .unknownCA, .unknownAuthority, version)
        manager.update(
            try shared.identity("server-2"),
            clientAuth: .noClientCert,
            clientCAs: nil
        )
        let anonymous = try SessionPair.connect(server, client)
        #expect(anonymous.outcome == "full" && anonymous.server.information.peerCertificates.isEmpty)
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
    }

    #if Selftest
    @Test("A resumption that got past the scope is caught after the handshake, and nothing leaves", arguments: versions)
    func invariant(version: TLSVersion) throws {
        for (old, new) in [
            (ClientAuth.noClientCert, ClientAuth.requireAndVerifyClientCert),
            (.requestClientCert, .requireAndVerifyClientCert), (.requireAnyClientCert, .noClientCert),
        ] {
            var settings = try SessionPair(version, old, credential: old == .noClientCert ? nil : "untrusted")
            let mutant = LibraryMutant.resumeAcrossPolicyChange
            // Announced names would make it another scope.
            settings.server.acceptableCANames = .none
            let client = try settings.client.resolve()
            _ = try SessionPair.connect(settings.server.resolve(as: mutant), client)
            settings.server.clientAuth = new
            let pair = try SessionPair.connect(settings.server.resolve(as: mutant), client)
            #expect(pair.server.failure?.reason == .internalFault, "\(old) to \(new)")
            #expect(!pair.server.hasOutput && pair.server.state == .failed)
        }
    }
    #endif
}

extension MutualTLSClient {
    /// Has another client offer this one's sessions, as one would that kept them without regard to their scope.
    func lendSessions(to other: MutualTLSClient) throws {
        let scope = try other.plan.currentSnapshot().scope
        other.plan.sessions?.add(
            (plan.sessions?.all ?? []).map {
                ClientSession(
                    scope: scope,
                    session: $0.session,
                    grant: $0.grant,
                    receivedAt: $0.receivedAt,
                    peerCertificates: $0.peerCertificates,
                    verifiedChain: $0.verifiedChain,
                    hasSentCertificate: $0.hasSentCertificate
                )
            }
        )
    }
}
