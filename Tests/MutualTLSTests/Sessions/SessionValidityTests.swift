import Testing

@testable import MutualTLS

@Suite("How long sessions last")
struct SessionValidityTests {
    /// The outcomes of connections at these seconds after noon, by the server's clock; the client's stands still.
    private func outcomes(_ settings: SessionPair, at moments: [Int64]) throws -> [String] {
        var settings = settings
        settings.client.currentTime = clock
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        var now: Int64 = 0
        return try moments.map { moment in
            settings.clock.move(by: moment - now)
            now = moment
            return try SessionPair.connect(server, client).outcome
        }
    }

    @Test("A session ends with its lifetime by the settings' clock", arguments: versions)
    func lifetime(version: TLSVersion) throws {
        #expect(try outcomes(SessionPair(version), at: [0, 3_600]) == ["full", "resumed"])
        #expect(try outcomes(SessionPair(version), at: [0, 3_601]) == ["full", "full"])
    }

    @Test("Resuming a session again and again doesn't prolong it", arguments: versions)
    func chain(version: TLSVersion) throws {
        let outcomes = try outcomes(SessionPair(version), at: [0, 1_200, 2_400, 3_600, 3_700, 4_900, 7_300, 7_301])
        #expect(outcomes == ["full", "resumed", "resumed", "resumed", "full", "resumed", "resumed", "full"])
    }

    @Test("A ticket from the future is passed over", arguments: versions)
    func future(version: TLSVersion) throws {
        #expect(try outcomes(SessionPair(version), at: [0, -1]) == ["full", "full"])
    }

    @Test("Years between the settings' clock and the system's don't matter", arguments: versions)
    func farClock(version: TLSVersion) throws {
        for years: Int64 in [-15, 15] {
            var settings = try SessionPair.lasting("client")
            settings.speak(version)
            settings.clock.move(by: years * 31_536_000)
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            #expect(try SessionPair.connect(server, client).outcome == "full")
            settings.clock.move(by: 3_600)
            #expect(try SessionPair.connect(server, client).outcome == "resumed")
            settings.clock.move(by: 1)
            #expect(try SessionPair.connect(server, client).outcome == "full")
        }
    }

    @Test("A session ends with the certificates that were verified, and their holder is refused", arguments: versions)
    func expiry(version: TLSVersion) throws {
        for (credential, others) in [("short", []), ("by-short-intermediate", ["short-intermediate"])] {
            var settings = try SessionPair.lasting(credential, with: others)
            settings.speak(version)
            let outcomes = try outcomes(settings, at: [0, 599, 601])
            #expect(outcomes[..<2] == ["full", "resumed"])
            #expect(outcomes[2].hasPrefix("expired"), "\(outcomes)")
        }
    }

    @Test("A session ends when a revocation list falls due", arguments: versions)
    func staleList(version: TLSVersion) throws {
        var settings = try SessionPair.lasting("client")
        settings.speak(version)
        settings.server.revocation = .leaf([try sessionPKI.crl("short-list")])
        let outcomes = try outcomes(settings, at: [0, 599, 600])
        #expect(outcomes[..<2] == ["full", "resumed"])
        #expect(outcomes[2].hasPrefix("noRevocationInformation"), "\(outcomes)")
    }

    @Test("A session ends when the lists are updated, and the revoked are refused", arguments: versions)
    func revoked(version: TLSVersion) throws {
        var settings = try SessionPair.lasting("client")
        settings.speak(version)
        let lists = RevocationListManager([try sessionPKI.crl("nothing-revoked")])
        settings.server.revocation = .leaf(from: lists)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        lists.update([try sessionPKI.crl("client-revoked")])
        expectRefusal(try SessionPair.connect(server, client), .certificateRevoked, .revoked, version)
    }

    @Test("A client offers no session once its server's chain has expired", arguments: versions)
    func serverExpiry(version: TLSVersion) throws {
        var settings = try SessionPair.lasting("client", server: "short-server")
        settings.speak(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        settings.clock.move(by: 599)
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        settings.clock.move(by: 2)
        let expired = try SessionPair.connect(server, client)
        #expect(expired.client.failure?.reason == .expired && !expired.client.information.didResume)
    }

    @Test("A client keeps a session no longer than its own lifetime, and than the server's hint", arguments: versions)
    func clientLifetime(version: TLSVersion) throws {
        for (atServer, atClient) in [(3_600, 600), (600, 3_600)] {
            var settings = try SessionPair(version, lifetime: .seconds(atServer))
            settings.client.sessions = .scoped(lifetime: .seconds(atClient))
            let client = try settings.client.resolve()
            _ = try SessionPair.connect(settings.server.resolve(), client)
            settings.clock.move(by: 600)
            let cache = try #require(client.plan.sessions)
            let scope = try #require(cache.all.first?.scope)
            #expect(cache.session(for: scope, at: settings.clock.read()) != nil)
            settings.clock.move(by: 1)
            #expect(cache.session(for: scope, at: settings.clock.read()) == nil)
        }
    }

    @Test("Settings that can't be kept are refused")
    func settings() throws {
        var server = try serverSettings()
        for (lifetime, keys) in [
            (Duration.zero, TicketKeys.random()), (.seconds(604_801), .random()),
            (.seconds(3_600), .random(period: .seconds(60))), (.seconds(60), .random(period: .milliseconds(10))),
            (.seconds(60), .shared(secret: [UInt8](repeating: 1, count: 31))),
        ] {
            server.sessions = .scoped(lifetime: lifetime, ticketKeys: keys)
            #expect(throws: MutualTLSError(.invalidSessionPolicy, "")) { try server.resolve() }
        }
        for capacity in [-1, 1_048_577] {
            server.sessions = .scoped(capacity: capacity)
            #expect(throws: MutualTLSError(.invalidSessionPolicy, "")) { try server.resolve() }
        }
        var client = try clientSettings()
        for policy in [
            ClientSessionPolicy.scoped(lifetime: .seconds(604_801)), .scoped(capacity: 0), .scoped(capacity: 1_025),
        ] {
            client.sessions = policy
            #expect(throws: MutualTLSError(.invalidSessionPolicy, "")) { try client.resolve() }
        }
    }
}
