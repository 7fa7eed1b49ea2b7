import ConformanceCatalogue
import ConformanceJudge
import ConformanceModel
import Testing

@Suite("Exceptions of a profile")
struct ProfileExceptionTests {
    private let cases: [ConformanceCase]

    init() throws {
        cases = try Catalogue.scenario(yaml: ScenarioText.valid, file: ScenarioText.file).cases
    }

    private func exception(_ lines: String) throws -> ProfileException {
        let yaml = """
            stack: gnutls
            exceptions:
              - name: one
                \(lines.split(separator: "\n").joined(separator: "\n    "))
                reason: a reason
                source: a source
            """
        return try #require(try Profile.profile(yaml: yaml, file: "scenarios/profiles/gnutls.yaml").exceptions.first)
    }

    private func ids(_ exception: ProfileException) -> [String] {
        cases.filter(exception.applies).map(\.id)
    }

    private static let rejected = ConnectionExpectation(
        outcome: .rejected(by: .server, reasons: ["expired"], alerts: [.certificateExpired], noticedByPeer: .firstRead),
        server: presented,
        client: presented
    )
    private static let accepted = ConnectionExpectation(outcome: .accepted, server: presented, client: presented)
    private static var presented: SideExpectation {
        var side = SideExpectation()
        side.presented = "leaf"
        side.verified = true
        return side
    }

    @Test("It applies where its stack plays its side and a pattern matches")
    func side() throws {
        let server = try exception("side: server\ncases: [area/topic/Request/none]\ninstead: {alerts: none}")
        #expect(ids(server).count == 8)
        #expect(ids(server).allSatisfy { $0.contains("/gnutls/") })
        let client = try exception("side: client\ncases: [area/topic/Request/none]\ninstead: {alerts: none}")
        #expect(ids(client).count == 8)
        #expect(ids(client).allSatisfy { $0.hasSuffix("/gnutls") })
    }

    @Test("Conditions look at axes, and at settings where a scenario has no such axis")
    func conditions() throws {
        let tls = try exception(
            "side: server\ncases: [area]\nwhen: {tls: 1.2, credential: [none, bare], presents: always}\n"
                + "instead: {alerts: none}"
        )
        #expect(ids(tls).count == 2 * 2 * 2 * 2)
        #expect(ids(tls).allSatisfy { $0.contains("/tls1.2/") })
        let absent = try exception("side: server\ncases: [area]\nwhen: {mood: good}\ninstead: {alerts: none}")
        #expect(ids(absent) == [])
    }

    @Test("A condition on the oracle's outcome holds for each connection that has it")
    func expected() throws {
        let entry = try exception(
            "side: server\ncases: [area]\nexpected: {outcome: rejected, by: server, alerts: [certificate_expired, unknown_ca]}\n"
                + "instead: {alerts: [bad_certificate]}"
        )
        let played = try #require(cases.first { $0.pairing.server == .gnutls })
        func applies(_ connections: ConnectionExpectation...) -> Bool {
            entry.applies(to: played, expecting: CaseExpectation(connections: connections, rules: []))
        }
        #expect(applies(Self.rejected))
        #expect(applies(Self.accepted, Self.rejected))
        #expect(applies(Self.rejected, Self.accepted))
        #expect(!applies(Self.accepted, Self.accepted))
        var anyAlert = Self.rejected
        anyAlert.outcome.alerts = nil
        #expect(!applies(anyAlert))
    }

    @Test("An entry that permits no more than the oracle does speaks of nothing")
    func narrower() throws {
        let played = try #require(cases.first { $0.pairing.server == .gnutls })
        func applies(_ instead: String, _ connection: ConnectionExpectation) throws -> Bool {
            try exception("side: server\ncases: [area]\ninstead: \(instead)")
                .applies(to: played, expecting: CaseExpectation(connections: [connection], rules: []))
        }
        var anyAlert = Self.rejected
        anyAlert.outcome.alerts = nil
        #expect(try !applies("{alerts: [decode_error]}", anyAlert))
        #expect(try applies("{alerts: none}", anyAlert))
        #expect(try applies("{alerts: [decode_error]}", Self.rejected))
        #expect(try applies("{alerts: any}", Self.rejected))
        var noNames = Self.accepted
        noNames.client.acceptableCAs = []
        var names = Self.accepted
        names.client.acceptableCAs = ["root"]
        var notAsserted = Self.accepted
        notAsserted.client.acceptableCAs = nil
        #expect(try !applies("{client: {acceptableCAs: []}}", noNames))
        #expect(try applies("{client: {acceptableCAs: []}}", names))
        #expect(try !applies("{client: {acceptableCAs: []}}", notAsserted))
        #expect(try applies("{outcome: rejected}", Self.accepted))
        #expect(try !applies("{outcome: accepted}", Self.accepted))
    }

    /// The effect of an entry on one connection, in a pairing of its stack with itself.
    private func applied(_ entry: ProfileException, to connection: ConnectionExpectation) -> ConnectionExpectation {
        entry.applied(to: CaseExpectation(connections: [connection], rules: []), of: Self.pairing).connections[0]
    }

    private static let pairing = Pairing(server: .gnutls, client: .gnutls)

    @Test("An alert alone replaces the oracle's, and the rest stands")
    func alerts() throws {
        let entry = try exception("side: server\ncases: [area]\ninstead: {alerts: [decode_error, bad_certificate]}")
        var expected = Self.rejected
        expected.outcome.alerts = [.badCertificate, .decodeError]
        #expect(applied(entry, to: Self.rejected) == expected)
        let silent = try exception("side: server\ncases: [area]\ninstead: {alerts: none}")
        #expect(applied(silent, to: Self.rejected).outcome.alerts == [])
        let any = try exception("side: server\ncases: [area]\ninstead: {alerts: any}")
        #expect(applied(any, to: Self.rejected).outcome.alerts == nil)
    }

    @Test("Another outcome leaves nothing of the oracle's but what the entry states")
    func outcome() throws {
        let entry = try exception(
            "side: server\ncases: [area]\ninstead: {outcome: accepted, server: {verified: false, received: none}}"
        )
        let patched = applied(entry, to: Self.rejected)
        #expect(patched.outcome == .accepted)
        var server = SideExpectation()
        server.verified = false
        server.received = SideExpectation.none
        #expect(patched.server == server)
        #expect(patched.client == SideExpectation())
    }

    @Test("A refusal is the deviating side's, unless the entry names the other")
    func refusal() throws {
        let own = try exception("side: client\ncases: [area]\ninstead: {outcome: rejected, alerts: [internal_error]}")
        let patched = applied(own, to: Self.accepted).outcome
        #expect(patched.by == .client)
        #expect(patched.alerts == [.internalError])
        #expect(patched.noticedByPeer == .handshake)
        #expect(patched.reasons == [])
        let other = try exception(
            "side: client\ncases: [area]\ninstead: {outcome: rejected, by: server, noticedByPeer: first-read}"
        )
        #expect(applied(other, to: Self.accepted).outcome.by == .server)
        #expect(applied(other, to: Self.accepted).outcome.noticedByPeer == .firstRead)
    }

    @Test("It changes the last connection, the one that it names, or all of them")
    func connection() throws {
        let case1 = CaseExpectation(connections: [Self.rejected, Self.rejected], rules: [])
        let last = try exception("side: server\ncases: [area]\ninstead: {outcome: accepted}").applied(
            to: case1,
            of: Self.pairing
        )
        #expect(last.connections.map(\.outcome.decision) == [.rejected, .accepted])
        let first = try exception("side: server\ncases: [area]\ninstead: {outcome: accepted, connection: 1}")
        #expect(
            first.applied(to: case1, of: Self.pairing).connections.map(\.outcome.decision) == [.accepted, .rejected]
        )
        let all = try exception("side: server\ncases: [area]\ninstead: {connection: all, client: {acceptableCAs: []}}")
        #expect(all.applied(to: case1, of: Self.pairing).connections.map(\.client.acceptableCAs) == [[], []])
        let beyond = try exception("side: server\ncases: [area]\ninstead: {outcome: accepted, connection: 3}")
        #expect(beyond.applied(to: case1, of: Self.pairing) == case1)
    }

    @Test("A version prefix ends at a number's end")
    func versions() throws {
        let entry = try exception(
            "side: server\ncases: [area]\nversions: [\"3.7\", \"3.8.1\"]\ninstead: {alerts: none}"
        )
        #expect(entry.covers(version: "3.7"))
        #expect(entry.covers(version: "3.7.9"))
        #expect(entry.covers(version: "3.8.1"))
        #expect(!entry.covers(version: "3.8.10"))
        #expect(!entry.covers(version: "3.70"))
        let every = try exception("side: server\ncases: [area]\ninstead: {alerts: none}")
        #expect(every.covers(version: "1"))
    }

    @Test("Slips in an entry are told with their line")
    func slips() {
        func complaint(_ yaml: String) -> String {
            do throws(ScenarioError) {
                _ = try Profile.profile(yaml: yaml, file: "profiles/gnutls.yaml")
                return ""
            } catch {
                return error.description
            }
        }
        #expect(
            complaint("stack: openssl\nexceptions: []")
                == "profiles/gnutls.yaml:1: the stack is “openssl”, and the file's name asks for “gnutls”"
        )
        #expect(
            complaint(
                """
                stack: gnutls
                exceptions:
                  - name: one
                    sides: server
                    instead: {}
                  - name: one
                    side: client
                    cases: [a]
                    instead: {alerts: [bad_certificat], outcome: acepted, by: cleint, client: {sno: a}}
                    reason: r
                    source: s
                """
            ) == """
                profiles/gnutls.yaml:3: exception “one” lacks “side”
                profiles/gnutls.yaml:3: exception “one” lacks “cases”: a list of patterns for case ids
                profiles/gnutls.yaml:3: exception “one” lacks “reason”
                profiles/gnutls.yaml:3: exception “one” lacks “source”
                profiles/gnutls.yaml:4: unknown key “sides” in exception “one”; the nearest known key is “side”
                profiles/gnutls.yaml:5: exception “one” doesn't say what is seen instead
                profiles/gnutls.yaml:6: exception “one” stands twice
                profiles/gnutls.yaml:9: unknown outcome “acepted”; the nearest known outcome is “accepted”
                profiles/gnutls.yaml:9: unknown side “cleint”; the nearest known side is “client”
                profiles/gnutls.yaml:9: unknown alert “bad_certificat”; the nearest known alert is “bad_certificate”
                profiles/gnutls.yaml:9: unknown key “sno” in client in instead; the nearest known key is “sni”
                """
        )
    }
}
