import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The oracle on rotation")
struct OracleRotationTests {
    private func fixture(steps: [Step]) -> CaseFixture {
        var fixture = CaseFixture()
        fixture.certificates["server-b"] = CaseFixture.certificate("server-b", issuer: "root") {
            $0.dnsNames = ["server.test"]
        }
        fixture.certificates["client-b"] = CaseFixture.certificate("client-b", issuer: "root")
        fixture.steps = steps
        return fixture
    }

    @Test(
        "A handshake keeps the identity of the moment of its ClientHello",
        arguments: [
            (Phase.beforeClientHello, "server-b"), (.clientHelloProcessed, "server"), (.clientFlightSent, "server"),
            (.established, "server"),
        ]
    )
    func serverSnapshot(phase: Phase, served: String) {
        let rotation = Rotation(side: .server, .identity("server-b"), at: phase)
        let fixture = fixture(steps: [.connect, .rotate(rotation), .exchange, .close, .connect, .exchange])
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.client.received) == [served, "server-b"])
    }

    @Test(
        "A client presents the identity of the moment that its handshake began",
        arguments: [
            (Phase.beforeClientHello, "client-b"), (.clientHelloProcessed, "client"), (.established, "client"),
        ]
    )
    func clientSnapshot(phase: Phase, presented: String) {
        let rotation = Rotation(side: .client, .identity("client-b"), at: phase)
        let fixture = fixture(steps: [.connect, .rotate(rotation), .exchange, .close, .connect])
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.server.received) == [presented, "client-b"])
    }

    @Test(
        "A server takes the settings of the moment in which it has the whole ClientHello",
        arguments: Phase.allCases.filter { $0 != .closed }
    )
    func clientHelloComplete(phase: Phase) {
        var fixture = fixture(steps: [
            .connect, .rotate(Rotation(side: .server, .clientCAs(["other-root"]), at: phase)), .close, .connect,
        ])
        fixture.server.pools = .live
        let isEarly = [.beforeClientHello, .clientHelloFirstByte, .clientHelloAllButLastByte].contains(phase)
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.isRejection) == [isEarly, true])
    }

    @Test(
        "A client takes its settings when its handshake begins",
        arguments: Phase.allCases.filter { $0 != .closed }
    )
    func clientBegins(phase: Phase) {
        var fixture = fixture(steps: [
            .connect, .rotate(Rotation(side: .client, .serverName("other.test"), at: phase)), .close, .connect,
        ])
        fixture.client.pools = .live
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.isRejection) == [phase == .beforeClientHello, true])
    }

    @Test("Fixed pools wait for a restart, and live ones don't", arguments: PoolPolicy.allCases)
    func pools(policy: PoolPolicy) {
        var fixture = fixture(steps: [
            .connect, .close, .rotate(Rotation(side: .server, .clientCAs(["other-root"]))), .connect, .close,
            .restart(.server), .connect,
        ])
        fixture.server.pools = policy
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.isRejection) == [false, policy == .live, true])
    }

    @Test("Revocation lists rotate without a restart, whatever the pools do", arguments: PoolPolicy.allCases)
    func lists(policy: PoolPolicy) {
        var fixture = fixture(steps: [
            .connect, .close, .rotate(Rotation(side: .server, .revocationLists(["b"]))), .connect,
        ])
        fixture.server.pools = policy
        fixture.server.revocation = .leaf
        fixture.server.revocationLists = ["a"]
        for (name, revokes) in [("a", []), ("b", ["client"])] {
            var list = RevocationListSpecification(name: name, issuer: "root")
            list.revokes = revokes
            fixture.revocationLists[name] = list
        }
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.reasons) == [[], ["revoked"]])
    }

    @Test("Certificates and lists are judged by the clock at the connection", arguments: [(600, true), (3600, false)])
    func clock(validTo: Int64, isExpired: Bool) {
        var fixture = fixture(steps: [.connect, .close, .advanceClock(seconds: 1200), .connect])
        fixture.certificates["client"]?.validTo = validTo
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.outcome.isRejection) == [false, isExpired])
    }

    @Test("An established connection keeps its certificate when its side rotates")
    func existingConnection() {
        let rotation = Rotation(side: .server, .identity("server-b"))
        let fixture = fixture(steps: [.connect, .exchange, .rotate(rotation), .exchange, .connect])
        let connections = Oracle().expectation(for: fixture.conformanceCase).connections
        #expect(connections.map(\.server.presented) == ["server", "server-b"])
    }

    @Test("A rotation to a mismatched key is refused, and the last good identity stays", arguments: Side.allCases)
    func mismatchedRotation(side: Side) {
        var fixture = fixture(steps: [.connect, .rotate(Rotation(side: side, .identity("broken"))), .close, .connect])
        var broken = CredentialSpecification(name: "broken", certificate: side == .server ? "server-b" : "client-b")
        broken.keyOf = "client"
        fixture.credentials["broken"] = broken
        let expectation = Oracle().expectation(for: fixture.conformanceCase)
        #expect(expectation.refusedRotations == [side])
        #expect(expectation.connections.map(\.server.presented) == ["server", "server"])
        #expect(expectation.connections.map(\.client.presented) == ["client", "client"])
    }
}
