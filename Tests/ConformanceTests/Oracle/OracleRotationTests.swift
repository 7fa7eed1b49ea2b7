import Testing

@testable import Conformance

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
