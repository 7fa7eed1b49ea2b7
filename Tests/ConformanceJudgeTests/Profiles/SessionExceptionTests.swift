import Testing

@testable import ConformanceCatalogue
@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("Exceptions on sessions")
struct SessionExceptionTests {
    private func exception(_ side: Side, _ lines: String) throws -> ProfileException {
        let yaml = """
            stack: gnutls
            exceptions:
              - name: one
                side: \(side.rawValue)
                cases: [fixture]
                \(lines.split(separator: "\n").joined(separator: "\n    "))
                reason: a reason
                source: a source
            """
        return try #require(try Profile.profile(yaml: yaml, file: "scenarios/profiles/gnutls.yaml").exceptions.first)
    }

    /// A case that offers its session after a rotation, twice.
    private func fixture(_ rotation: Rotation, pairing: Pairing) -> ConformanceCase {
        var fixture = CaseFixture()
        fixture.pairing = pairing
        fixture.certificates["server-b"] = CaseFixture.certificate("server-b", issuer: "root") {
            $0.dnsNames = ["server.test"]
        }
        fixture.certificates["client-b"] = CaseFixture.certificate("client-b", issuer: "root")
        fixture.server.sessions = SessionSettings(lifetimeSeconds: 3600)
        fixture.client.sessions = SessionSettings(lifetimeSeconds: 3600)
        fixture.server.pools = .live
        fixture.client.pools = .live
        fixture.steps = [
            .connect, .exchange, .close, .rotate(rotation), .reconnect(resume: true), .exchange, .close,
            .reconnect(resume: true), .exchange,
        ]
        return fixture.conformanceCase
    }

    private static let serverIdentity = Rotation(side: .server, .identity("server-b"))
    private static let clientIdentity = Rotation(side: .client, .identity("client-b"))
    private static let serverName = Rotation(side: .client, .serverName("www.test"))
    private static let gnutls = Pairing(server: .gnutls, client: .gnutls)
    private static let gnutlsServer = Pairing(server: .gnutls, client: .countersign)
    private static let gnutlsClient = Pairing(server: .countersign, client: .gnutls)

    @Test("A session that is resumed against the rules has the peers of its full handshake, and so have later ones")
    func resumed() throws {
        let entry = try exception(.server, "expected: {declined: true}\ninstead: {resumed: true}")
        let testCase = fixture(Self.serverIdentity, pairing: Self.gnutlsServer)
        let expectation = Oracle().expectation(for: testCase)
        #expect(expectation.connections.map(\.resumed) == [false, false, true])
        #expect(expectation.connections.map(\.client.received) == ["server", "server-b", "server-b"])
        let patched = entry.applied(to: expectation, of: testCase.pairing)
        #expect(patched.connections.map(\.resumed) == [false, true, true])
        #expect(patched.connections.map(\.client.received) == ["server", "server", "server"])
        #expect(patched.connections.map(\.server.presented) == ["server", nil, nil])
        #expect(patched.connections[1].server.sni == "server.test")
    }

    @Test("A refusal becomes an acceptance with the peer of the session")
    func refusal() throws {
        let entry = try exception(
            .server,
            "expected: {declined: true}\ninstead: {resumed: true, server: {verified: false}}"
        )
        let testCase = fixture(Rotation(side: .server, .clientCAs(["other-root"])), pairing: Self.gnutlsServer)
        let expectation = Oracle().expectation(for: testCase)
        #expect(expectation.connections[1].outcome.isRejection)
        let patched = entry.applied(to: expectation, of: testCase.pairing)
        #expect(patched.connections[1].outcome == .accepted)
        #expect(patched.connections[1].server.received == "client")
        #expect(patched.connections[1].server.verified == false)
    }

    @Test("A stack that resumes nothing shakes hands in full")
    func notResumed() throws {
        let entry = try exception(.server, "expected: {resumed: true}\ninstead: {resumed: false}")
        let testCase = fixture(Self.serverIdentity, pairing: Self.gnutls)
        let patched = entry.applied(to: Oracle().expectation(for: testCase), of: testCase.pairing)
        #expect(patched.connections.map(\.resumed) == [false, false, false])
    }

    @Test(
        "It excuses a resumption only where every side that must decline it deviates",
        arguments: [
            (serverIdentity, Side.server, gnutlsServer, true), (serverIdentity, .client, gnutlsClient, false),
            (clientIdentity, .client, gnutlsClient, true), (clientIdentity, .server, gnutlsServer, false),
            (serverName, .client, gnutlsClient, false), (serverName, .server, gnutlsServer, false),
            (serverName, .server, gnutls, true), (serverIdentity, .client, gnutls, true),
        ]
    )
    func others(rotation: Rotation, side: Side, pairing: Pairing, isExcused: Bool) throws {
        let entry = try exception(side, "expected: {declined: true}\ninstead: {resumed: true}")
        let testCase = fixture(rotation, pairing: pairing)
        #expect(entry.applies(to: testCase, expecting: Oracle().expectation(for: testCase)) == isExcused)
    }

    @Test("It never turns the other stack's refusal into an acceptance, unless its own presents something else")
    func otherStacksRefusal() throws {
        var fixture = CaseFixture()
        fixture.credential = "untrusted"
        let expectation = Oracle().expectation(for: fixture.conformanceCase)
        #expect(expectation.connections.last?.outcome.by == .server)
        let excuse = try exception(.client, "instead: {outcome: accepted}")
        #expect(!excuse.applies(to: fixture.conformanceCase, expecting: expectation))
        let other = try exception(.client, "instead: {outcome: accepted, client: {presented: none}}")
        #expect(other.applies(to: fixture.conformanceCase, expecting: expectation))
    }

    @Test("A connection that offers no session can't be resumed, and a resumed one isn't refused")
    func slips() throws {
        let entry = try exception(.server, "instead: {resumed: true, connection: 1}")
        let testCase = fixture(Self.serverIdentity, pairing: Self.gnutls)
        #expect(!entry.applies(to: testCase, expecting: Oracle().expectation(for: testCase)))
        let error = #expect(throws: ScenarioError.self) {
            try exception(.server, "instead: {resumed: true, outcome: rejected}")
        }
        #expect(error?.issues.map(\.message) == ["a connection that is resumed is accepted"])
    }
}
