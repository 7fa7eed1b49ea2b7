import ConformanceModel
import Testing

@testable import ConformanceEngine

/// Which certificate a connection uses when its side rotates at each phase.
@Suite("Rotation")
struct RotationTests {
    private static func presented(_ connections: [ConnectionObservation], _ side: Side) -> [String?] {
        connections.map { seen in
            // Both ends must agree on what was used.
            seen[side].presented == seen[side.opposite].received ? seen[side].presented?.name : "disagreement"
        }
    }

    @Test(
        "of a server counts from the next ClientHello on",
        arguments: Setting.all,
        Phase.allCases.filter { $0 != .closed }
    )
    func server(setting: Setting, phase: Phase) throws {
        let rotation = Rotation(side: .server, .identity("server-b"), at: phase)
        let steps: [Step] = [.connect, .rotate(rotation), .exchange, .connect, .exchange]
        let connections = try played(SampleCase.make("rotate-server", setting, steps: steps))
        let isBeforeHello = [.beforeClientHello, .clientHelloFirstByte, .clientHelloAllButLastByte].contains(phase)
        let first = isBeforeHello ? "server-b" : "server"
        #expect(Self.presented(connections, .server) == [first, "server-b"])
        #expect(connections.allSatisfy { $0.server.accepted && $0.client.accepted && $0.refusedRotations.isEmpty })
    }

    @Test(
        "of a client counts from the next ClientHello on",
        arguments: Setting.all,
        Phase.allCases.filter { $0 != .closed }
    )
    func client(setting: Setting, phase: Phase) throws {
        let rotation = Rotation(side: .client, .identity("client-b"), at: phase)
        let steps: [Step] = [.connect, .rotate(rotation), .exchange, .connect, .exchange]
        let connections = try played(SampleCase.make("rotate-client", setting, steps: steps))
        let first = phase == .beforeClientHello ? "client-b" : "client"
        #expect(Self.presented(connections, .client) == [first, "client-b"])
        #expect(connections.allSatisfy { $0.server.accepted && $0.client.accepted })
    }

    @Test("between connections and after a close counts for the next one", arguments: Setting.all)
    func between(setting: Setting) throws {
        let steps: [Step] = [
            .connect, .exchange, .rotate(Rotation(side: .server, .identity("server-b"))), .connect, .exchange, .close,
            .rotate(Rotation(side: .client, .identity("client-b"), at: .closed)), .connect, .exchange,
        ]
        let connections = try played(SampleCase.make("rotate-between", setting, steps: steps))
        #expect(Self.presented(connections, .server) == ["server", "server-b", "server-b"])
        #expect(Self.presented(connections, .client) == ["client", "client", "client-b"])
    }

    @Test("to a key that does not match is refused, and the last good one stays", arguments: Setting.all)
    func mismatched(setting: Setting) throws {
        let steps: [Step] = [
            .connect, .exchange, .rotate(Rotation(side: .server, .identity("wrong-server-key"))),
            .rotate(Rotation(side: .client, .identity("wrong-key"))), .connect, .exchange,
        ]
        let connections = try played(SampleCase.make("rotate-mismatched", setting, steps: steps))
        #expect(connections.map(\.refusedRotations) == [[.server, .client], []])
        #expect(Self.presented(connections, .server) == ["server", "server"])
        #expect(Self.presented(connections, .client) == ["client", "client"])
        #expect(connections.allSatisfy { $0.server.accepted && $0.client.accepted })
    }

    @Test("at a phase that a failed connection does not reach counts for the next one", arguments: Setting.all)
    func unreached(setting: Setting) throws {
        let rotation = Rotation(side: .client, .identity("client"), at: .established)
        let steps: [Step] = [.connect, .rotate(rotation), .connect, .exchange]
        let connections = try played(SampleCase.make("rotate-late", setting, credential: "stranger", steps: steps))
        #expect(connections.map(\.server.accepted) == [false, true])
    }
}
