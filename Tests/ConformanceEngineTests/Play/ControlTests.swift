import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Positive control")
struct ControlTests {
    private static func rejected(_ setting: Setting) -> ConformanceCase {
        SampleCase.make("control", setting, credential: "stranger") { SampleCase.addControl(&$0) }
    }

    @Test("is played on the case's own PKI", arguments: Setting.all)
    func samePKI(setting: Setting) throws {
        guard case .played(let connections, let control?) = try play(Self.rejected(setting), playsControl: true) else {
            Issue.record("no control was played")
            return
        }
        #expect(connections.first?.server.accepted == false)
        #expect(control.server.accepted && control.client.accepted)
        #expect(control.server.presented == connections.first?.server.presented)
        #expect(control.client.presented?.name == "client")
    }

    @Test("is left out unless asked for")
    func notAsked() throws {
        guard case .played(_, let control) = try play(Self.rejected(Setting.all[0]), playsControl: false) else {
            Issue.record("not played")
            return
        }
        #expect(control == nil)
    }

    @Test("does not change what the case itself sees", arguments: Setting.all)
    func deterministic(setting: Setting) throws {
        let testCase = Self.rejected(setting)
        let player = try CasePlayer(stacks: .standard())
        let first = player.play(testCase, seed: 7, now: Present.now, playsControl: true)
        let second = player.play(testCase, seed: 7, now: Present.now, playsControl: true)
        #expect(first == second)
        guard
            case .played(let with, _) = first,
            case .played(let without, _) = player.play(testCase, seed: 7, now: Present.now, playsControl: false)
        else {
            Issue.record("not played")
            return
        }
        #expect(with == without)
    }
}
