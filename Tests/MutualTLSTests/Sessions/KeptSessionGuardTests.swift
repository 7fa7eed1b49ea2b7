import OpenSSL
import Testing

@testable import MutualTLS

#if Selftest
import LibraryMutants
#endif

@Suite("Guards of sessions that the server keeps")
struct KeptSessionGuardTests {
    /// Something that changes on one server between two connections of a client.
    struct Change: Sendable, CustomTestStringConvertible {
        /// The defect that is the want of the guard.
        let defect: String
        var mode = ClientAuth.requireAndVerifyClientCert
        var credential: String? = "client"
        let make: @Sendable (CertAuthManager, RevocationListManager, MovableClock) throws -> Void

        var testDescription: String { defect }
    }

    static let changes: [Change] = [
        Change(defect: "skipResumptionInvariant", mode: .noClientCert, credential: nil) { manager, _, _ in
            manager.setClientAuth(.requireAndVerifyClientCert)
        },
        Change(defect: "resumeAcrossPoolChange") { manager, _, _ in
            manager.setClientCAs(try sessionPKI.pool("root", "short-intermediate"))
        },
        Change(defect: "resumeAcrossIdentityUpdate") { manager, _, _ in
            manager.update(try sessionPKI.identity("short-server"))
        },
        Change(defect: "resumeRevokedCertificate") { _, lists, _ in
            lists.update([try sessionPKI.crl("client-revoked")])
        },
        Change(defect: "ignoreTicketLifetime") { _, _, clock in clock.move(by: 3_601) },
        Change(defect: "resumeExpiredCertificate", credential: "short") { _, _, clock in clock.move(by: 601) },
    ]

    private func isResumed(
        _ change: Change,
        make: (MutualTLSConfiguration.Server) throws -> MutualTLSServer = { try $0.resolve() }
    ) throws -> Bool {
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
        let (server, client) = (try make(live), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        #expect(server.plan.sessions?.cache?.count == 2)
        try change.make(manager, lists, settings.clock)
        return try SessionPair.connect(server, client).server.information.didResume
    }

    @Test("A change ends them", arguments: changes)
    func ends(change: Change) throws {
        #expect(try !isResumed(change))
    }

    @Test("They belong to the server name")
    func name() throws {
        let pair = try pairUnderAnotherName { try $0.resolve() }
        #expect(!pair.server.engine.didResume && pair.outcome == "full")
    }

    /// The second connection of a client that asks for another name with a session of the first.
    private func pairUnderAnotherName(
        _ make: (MutualTLSConfiguration.Server) throws -> MutualTLSServer
    ) throws -> Pairing {
        var settings = try SessionPair(.tls13)
        settings.server.sessions = .scoped()
        let server = try make(settings.server)
        settings.client.serverNameIndication = .verbatim("open.test")
        let open = try settings.client.resolve()
        settings.client.serverNameIndication = .verbatim("protected.test")
        let protected = try settings.client.resolve()
        _ = try SessionPair.connect(server, open)
        try open.lendSessions(to: protected)
        return try SessionPair.connect(server, protected)
    }

    #if Selftest
    @Test("Without the guard a change doesn't end them", arguments: changes)
    func isNeeded(change: Change) throws {
        let mutant = try #require(LibraryMutant(rawValue: change.defect))
        #expect(try isResumed(change) { try $0.resolve(as: mutant) })
    }

    @Test("Without the guard they are resumed under another server name")
    func nameIsNeeded() throws {
        // The client refuses what the mutant resumes, since the session isn't its own.
        #expect(try pairUnderAnotherName { try $0.resolve(as: .resumeAcrossNames) }.server.engine.didResume)
    }
    #endif
}
