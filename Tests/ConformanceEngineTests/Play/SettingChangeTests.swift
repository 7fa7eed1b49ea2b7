import ConformanceModel
import Testing

@testable import ConformanceEngine

/// The effects of a change of pools, mode and name while a side runs, and those of a restart alone.
@Suite("A change of settings")
struct SettingChangeTests {
    private static func accepted(
        _ setting: Setting,
        pools: PoolPolicy,
        steps: [Step]
    ) throws -> [Bool] {
        let testCase = SampleCase.make("settings", setting, steps: steps) { made in
            made.server.pools = pools
            made.client.pools = pools
        }
        return try played(testCase).map { $0.server.accepted && $0.client.accepted }
    }

    private static let changes: [Rotation] = [
        Rotation(side: .server, .clientCAs(["other-root"])),
        Rotation(side: .client, .rootCAs(["other-root"])),
        Rotation(side: .client, .serverName("other.test")),
    ]

    @Test("counts for the next handshake where pools are live", arguments: Setting.all, changes)
    func live(setting: Setting, change: Rotation) throws {
        let steps: [Step] = [.connect, .rotate(change), .exchange, .connect, .exchange]
        #expect(try Self.accepted(setting, pools: .live, steps: steps) == [true, false])
    }

    @Test("waits for a restart where pools are fixed", arguments: Setting.all, changes)
    func fixed(setting: Setting, change: Rotation) throws {
        let steps: [Step] = [
            .connect, .rotate(change), .connect, .exchange, .restart(change.side), .connect, .exchange,
        ]
        #expect(try Self.accepted(setting, pools: .fixed, steps: steps) == [true, true, false])
    }

    @Test("of the mode counts for the next handshake where pools are live", arguments: Setting.all)
    func mode(setting: Setting) throws {
        let testCase = SampleCase.make(
            "mode",
            setting,
            credential: nil,
            clientAuth: .verifyClientCertIfGiven,
            steps: [.connect, .rotate(Rotation(side: .server, .clientAuth(.requireAnyClientCert))), .connect]
        ) { $0.server.pools = .live }
        #expect(try played(testCase).map(\.server.accepted) == [true, false])
    }

    @Test("of the clock is a change of the time that both sides judge certificates by", arguments: Setting.all)
    func clock(setting: Setting) throws {
        let steps: [Step] = [.connect, .exchange, .advanceClock(seconds: 25 * 3_600), .connect]
        let connections = try played(SampleCase.make("clock", setting, steps: steps))
        #expect(connections.map(\.client.accepted) == [true, false])
        #expect(connections.last?.client.reason == ReasonClass.expired.rawValue)
    }
}
