import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The oracle on resumption")
struct OracleResumptionTests {
    private static let again: [Step] = [.reconnect(resume: true), .exchange]

    /// A case with sessions on both sides and live pools, which connects, does this, and offers the session.
    private func fixture(_ steps: [Step], _ change: (inout CaseFixture) -> Void = { _ in }) -> CaseFixture {
        var fixture = CaseFixture()
        fixture.certificates["server-b"] = CaseFixture.certificate("server-b", issuer: "root") {
            $0.dnsNames = ["server.test", "www.test"]
        }
        fixture.certificates["client-b"] = CaseFixture.certificate("client-b", issuer: "root")
        fixture.server.sessions = SessionSettings(lifetimeSeconds: 3600)
        fixture.client.sessions = SessionSettings(lifetimeSeconds: 3600)
        fixture.server.pools = .live
        fixture.client.pools = .live
        fixture.steps = [.connect, .exchange, .close] + steps + Self.again
        change(&fixture)
        return fixture
    }

    private func last(_ fixture: CaseFixture) throws -> ConnectionExpectation {
        try #require(Oracle().expectation(for: fixture.conformanceCase).connections.last)
    }

    @Test("A session is resumed when nothing has changed, and shows the peers of its full handshake")
    func resumes() throws {
        let pairing = Pairing(server: .countersign, client: .countersign)
        let expected = try last(fixture([]) { $0.pairing = pairing })
        #expect(expected.outcome.decision == .accepted)
        #expect(expected.resumed == true)
        #expect(expected.server.received == "client")
        #expect(expected.server.verified == true)
        #expect(expected.client.received == "server")
        #expect(expected.client.verified == true)
        // There is no Certificate and no CertificateRequest in a handshake that resumes.
        #expect(expected.server.presented == nil && expected.client.presented == nil)
        #expect(expected.client.certificateRequested == nil && expected.client.acceptableCAs == nil)
        #expect(expected.server.sni == "server.test")
    }

    @Test("A stack that keeps no note of a verification need not report it, and may not report what never was")
    func verification() throws {
        let pairing = Pairing(server: .gnutls, client: .gnutls)
        #expect(try last(fixture([]) { $0.pairing = pairing }).server.verified == nil)
        let unverified = fixture([]) {
            $0.pairing = pairing
            $0.mode = .requestClientCert
        }
        #expect(try last(unverified).server.verified == false)
    }

    @Test("The session of a host that asks nobody opens no host that does, but at a server that forgets the host")
    func hosts() throws {
        let crossing = fixture([.rotate(Rotation(side: .client, .serverName("server.test")))]) {
            $0.certificates["server"]?.dnsNames = ["server.test", "open.test"]
            $0.credential = nil
            $0.server.hosts = ["open.test": .noClientCert]
            $0.client.serverName = "open.test"
            $0.client.insecureSkipVerify = true
        }
        let expected = Oracle().expectation(for: crossing.conformanceCase).connections
        #expect(expected.map(\.outcome.decision) == [.accepted, .rejected])
        #expect(expected.map(\.client.certificateRequested) == [false, true])
        var conducts = Conducts()
        conducts.server.otherwise[.resumptionSNI] = Conduct.Answer()
        conducts.client.otherwise[.resumptionOfferedName] = Conduct.Answer()
        let forgetful = Oracle().answer(for: crossing.conformanceCase, conducts: conducts).expectation.connections
        #expect(forgetful.map(\.outcome.decision) == [.accepted, .accepted])
        #expect(forgetful.last?.resumed == true)
    }

    @Test("A refused client is refused again, and one that is let in by its session is explained by one rule")
    func refusedClient() throws {
        let refused = fixture([]) { $0.credential = nil }
        let expected = Oracle().expectation(for: refused.conformanceCase).connections
        #expect(expected.map(\.outcome.decision) == [.rejected, .rejected])
        var conducts = Conducts()
        conducts.server.otherwise[.resumptionRefusedClient] = Conduct.Answer()
        let letIn = Oracle().answer(for: refused.conformanceCase, conducts: conducts).expectation.connections
        #expect(letIn.map(\.outcome.decision) == [.rejected, .accepted])
        #expect(letIn.last?.resumed == true)
    }

    @Test("An anonymous session stays anonymous")
    func anonymous() throws {
        let expected = try last(
            fixture([]) {
                $0.mode = .verifyClientCertIfGiven
                $0.credential = nil
            }
        )
        #expect(expected.resumed == true)
        #expect(expected.server.received == SideExpectation.none)
        #expect(expected.server.verified == false)
    }

    @Test("A connect, and a reconnect that offers nothing, shake hands in full")
    func offersNothing() throws {
        for step in [Step.connect, .reconnect(resume: false)] {
            let fixture = fixture([]) { $0.steps = [.connect, .exchange, .close, step, .exchange] }
            let expected = try last(fixture)
            #expect(expected.resumed == false)
            #expect(expected.declinedBy == nil)
        }
    }

    /// A change between two connections, and who must see to it that the session ends.
    struct Ending: CustomTestStringConvertible {
        var name: String
        var steps: [Step]
        var rule: Rule
        var by: [Side]
        var outcome = Outcome.Decision.accepted

        var testDescription: String { name }

        static func rotation(_ side: Side, _ change: SettingChange) -> Step {
            .rotate(Rotation(side: side, change))
        }

        static let all: [Ending] = [
            Ending(
                name: "server identity",
                steps: [rotation(.server, .identity("server-b"))],
                rule: .resumptionServerIdentity,
                by: [.server]
            ),
            Ending(
                name: "client identity",
                steps: [rotation(.client, .identity("client-b"))],
                rule: .resumptionClientIdentity,
                by: [.client]
            ),
            Ending(
                name: "mode",
                steps: [rotation(.server, .clientAuth(.requireAnyClientCert))],
                rule: .resumptionClientAuthPolicy,
                by: [.server]
            ),
            Ending(
                name: "client CAs",
                steps: [rotation(.server, .clientCAs(["other-root"]))],
                rule: .resumptionClientCAs,
                by: [.server],
                outcome: .rejected
            ),
            Ending(
                name: "root CAs",
                steps: [rotation(.client, .rootCAs(["root", "other-root"]))],
                rule: .resumptionRootCAs,
                by: [.client]
            ),
            Ending(
                name: "server name",
                steps: [rotation(.client, .serverName("www.test"))],
                rule: .resumptionServerName,
                by: [.server, .client],
                outcome: .rejected
            ),
            Ending(
                name: "lifetime",
                steps: [.advanceClock(seconds: 3600)],
                rule: .resumptionLifetime,
                by: [.server, .client]
            ),
            Ending(name: "server restart", steps: [.restart(.server)], rule: .resumptionRestart, by: [.server]),
            Ending(name: "client restart", steps: [.restart(.client)], rule: .resumptionRestart, by: [.client]),
        ]
    }

    @Test("A change of what it rests on ends a session, and the full handshake is judged anew", arguments: Ending.all)
    func ends(_ ending: Ending) throws {
        let fixture = fixture(ending.steps)
        let expected = try last(fixture)
        #expect(expected.resumed == false)
        #expect(expected.outcome.decision == ending.outcome)
        #expect(expected.declinedBy == ending.by)
        #expect(Oracle().expectation(for: fixture.conformanceCase).rules.contains(ending.rule.rawValue))
    }

    @Test("Each change of mode ends a session", arguments: ClientAuthMode.allCases, ClientAuthMode.allCases)
    func modes(old: ClientAuthMode, new: ClientAuthMode) throws {
        guard old != new else { return }
        let rotation = Ending.rotation(.server, .clientAuth(new))
        #expect(try last(fixture([rotation]) { $0.mode = old }).resumed == false)
    }

    @Test("A session without a certificate never opens a mode that requires one")
    func anonymousIntoRequired() throws {
        let rotation = Ending.rotation(.server, .clientAuth(.requireAndVerifyClientCert))
        let expected = try last(
            fixture([rotation]) {
                $0.mode = .noClientCert
                $0.credential = nil
            }
        )
        #expect(expected.outcome.reasons == ["no-certificate"])
        #expect(expected.outcome.alerts == [.certificateRequired])
    }

    @Test("A fixed pool that was changed without effect leaves its session alone", arguments: Side.allCases)
    func fixedPools(side: Side) throws {
        let change: SettingChange = side == .server ? .clientCAs(["other-root"]) : .rootCAs(["other-root"])
        let fixture = fixture([Ending.rotation(side, change)]) {
            $0.server.pools = .fixed
            $0.client.pools = .fixed
        }
        #expect(try last(fixture).resumed == true)
    }

    @Test("Shared ticket keys outlive the server, and its own don't", arguments: [true, false])
    func ticketKeys(shared: Bool) throws {
        let fixture = fixture([.restart(.server)]) { $0.server.sessions?.sharesTicketKeys = shared }
        #expect(try last(fixture).resumed == shared)
    }

    @Test("A session that was resumed ends with the lifetime of its full handshake")
    func originalLifetime() throws {
        let later: [Step] = [.advanceClock(seconds: 2000)]
        let fixture = fixture(later + Self.again + [.close] + later)
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.resumed) == [false, true, false])
    }

    @Test("A certificate that has expired or was revoked ends the session of the side that verified it")
    func expiredOrRevoked() throws {
        for side in Side.allCases {
            let expired = fixture([.advanceClock(seconds: 600)]) {
                $0.certificates[side == .server ? "client" : "server"]?.validTo = 300
            }
            #expect(try last(expired).declinedBy == [side])
            #expect(try last(expired).outcome.reasons == ["expired"])
            let list = side == .server ? "client-revoked" : "server-revoked"
            let revoked = fixture([Ending.rotation(side, .revocationLists([list]))]) { fixture in
                for (name, revokes) in [("empty", []), ("client-revoked", ["client"]), ("server-revoked", ["server"])] {
                    var list = RevocationListSpecification(name: name, issuer: "root")
                    list.revokes = revokes
                    fixture.revocationLists[name] = list
                }
                fixture.server.revocation = .leaf
                fixture.server.revocationLists = ["empty"]
                fixture.client.revocation = .leaf
                fixture.client.revocationLists = ["empty"]
            }
            #expect(try last(revoked).declinedBy == [side])
            #expect(try last(revoked).outcome.reasons == ["revoked"])
        }
    }

    @Test("A change that takes nothing from a session leaves both ways open")
    func either() throws {
        let thereAndBack = ["server-b", "server"].map { Ending.rotation(.server, .identity($0)) }
        let expected = try last(fixture(thereAndBack))
        #expect(expected.outcome.decision == .accepted)
        #expect(expected.resumed == nil)
        #expect(expected.client.received == "server")
    }

    @Test("Another server_name ends a session at both sides, also where the client verifies no name")
    func sni() throws {
        let fixture = fixture([Ending.rotation(.client, .serverName("www.test"))]) {
            $0.client.insecureSkipVerify = true
        }
        #expect(try last(fixture).declinedBy == [.server, .client])
    }

    @Test("After a refusal there is no session left to offer")
    func refusal() throws {
        let fixture = fixture([Ending.rotation(.server, .clientCAs(["other-root"]))] + Self.again + [.close]) {
            fixture in
            fixture.steps.insert(Ending.rotation(.server, .clientCAs(["root"])), at: fixture.steps.count - 2)
        }
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.decision) == [.accepted, .rejected, .accepted])
        #expect(connections.map(\.resumed) == [false, false, false])
    }
}
