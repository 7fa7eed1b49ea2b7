import OpenSSL
import Testing

@testable import MutualTLS

@Suite("Guards of sessions that the server keeps")
struct KeptSessionGuardTests {
    /// Something that changes on one server between two connections of a client.
    struct Change: Sendable, CustomTestStringConvertible {
        let mutant: LibraryMutant
        var mode = ClientAuth.requireAndVerifyClientCert
        var credential: String? = "client"
        let make: @Sendable (CertAuthManager, RevocationListManager, MovableClock) throws -> Void

        var testDescription: String { mutant.rawValue }
    }

    static let changes: [Change] = [
        Change(mutant: .skipResumptionInvariant, mode: .noClientCert, credential: nil) { manager, _, _ in
            manager.setClientAuth(.requireAndVerifyClientCert)
        },
        Change(mutant: .resumeAcrossPoolChange) { manager, _, _ in
            manager.setClientCAs(try sessionPKI.pool("root", "short-intermediate"))
        },
        Change(mutant: .resumeAcrossIdentityUpdate) { manager, _, _ in
            manager.update(try sessionPKI.identity("short-server"))
        },
        Change(mutant: .resumeRevokedCertificate) { _, lists, _ in
            lists.update([try sessionPKI.crl("client-revoked")])
        },
        Change(mutant: .ignoreTicketLifetime) { _, _, clock in clock.move(by: 3_601) },
        Change(mutant: .resumeExpiredCertificate, credential: "short") { _, _, clock in clock.move(by: 601) },
    ]

    private func isResumed(_ change: Change, _ mutant: LibraryMutant?) throws -> Bool {
        var settings = try SessionPair.lasting(change.credential ?? "client")
        settings.speak(.tls13)
        if change.credential == nil { settings.client.identity = nil }
        // The server's clock alone moves, so that the client offers what it has.
        settings.client.currentTime = clock
        let manager = CertAuthManager(
            try sessionPKI.identity("server"),
            clientAuth: change.mode,
            clientCAs: try sessionPKI.pool("root")
        )
        let lists = RevocationListManager([try sessionPKI.crl("nothing-revoked")])
        var live = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: settings.clock.read)
        live.minimumVersion = .tls13
        live.acceptableCANames = .none
        live.revocation = .leaf(from: lists)
        live.sessions = .scoped()
        live.mutant = mutant
        let (server, client) = (try live.resolve(), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        #expect(server.plan.sessions?.cache?.count == 2)
        try change.make(manager, lists, settings.clock)
        return try SessionPair.connect(server, client).server.information.didResume
    }

    @Test("A change ends them, and without the guard it doesn't", arguments: changes)
    func isNeeded(change: Change) throws {
        #expect(try !isResumed(change, nil))
        #expect(try isResumed(change, change.mutant))
    }

    @Test("They belong to the server name, and without the guard they don't")
    func name() throws {
        for mutant in [nil, LibraryMutant.resumeAcrossNames] {
            var settings = try SessionPair(.tls13)
            settings.server.sessions = .scoped()
            settings.server.mutant = mutant
            let server = try settings.server.resolve()
            settings.client.sniOverride = .verbatim("open.test")
            let open = try settings.client.resolve()
            settings.client.sniOverride = .verbatim("protected.test")
            let protected = try settings.client.resolve()
            _ = try SessionPair.connect(server, open)
            try open.lendSessions(to: protected)
            // The client refuses what the mutant resumes, since the session isn't its own.
            let pair = try SessionPair.connect(server, protected)
            #expect(pair.server.engine.didResume == (mutant != nil))
            #expect(pair.outcome == "full" || mutant != nil)
        }
    }
}
