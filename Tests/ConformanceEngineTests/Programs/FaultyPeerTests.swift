import ConformanceModel
import Foundation
import Testing

@testable import ConformanceEngine
@testable import Peers

@Suite("A stack in a process of its own that fails is reported as that, by name", .serialized)
struct FaultyPeerTests {
    @Test("a driver that ends at hello has crashed, with its exit code and its last words")
    func crash() throws {
        let outcome = try FakePeer.play([FakePeer.driver("echo 'no such luck' >&2; exit 3")])
        #expect(outcome == .crashed(reason: "fake (server) ended with exit code 3; it said: no such luck"))
    }

    @Test("a driver that ends in the middle of a case has crashed")
    func crashLater() throws {
        let outcome = try FakePeer.play([FakePeer.driver("\(FakePeer.hello); read -r line; kill -SEGV $$")])
        #expect(outcome == .crashed(reason: "fake (server) ended with signal 11"))
    }

    @Test("a driver that prints garbage is quoted")
    func garbage() throws {
        let outcome = try FakePeer.play([FakePeer.driver("read -r line; echo hi there; cat > /dev/null")])
        guard case .errored(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.hasPrefix("fake (server) said “hi there”: it is no answer of the protocol"))
    }

    @Test("an answer to an order that was asked before is no answer")
    func lateAnswer() throws {
        let stale = "read -r line; echo '{\"event\":\"configured\",\"id\":1}'; cat > /dev/null"
        let outcome = try FakePeer.play([FakePeer.driver("\(FakePeer.hello); \(stale)")])
        guard case .errored(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("it answers order 1, and order 2 was asked last"))
    }

    @Test("a driver of another protocol is told apart")
    func otherProtocol() throws {
        let script = "read -r line; echo '{\"event\":\"hello\",\"id\":1,\"protocol\":7}'; cat > /dev/null"
        let outcome = try FakePeer.play([FakePeer.driver(script)])
        #expect(outcome == .errored(reason: "fake (server) speaks protocol 7, and this is 1"))
    }

    @Test("a driver that does not answer is late")
    func hang() throws {
        let outcome = try FakePeer.play([FakePeer.driver("cat > /dev/null")], patienceMs: 50)
        #expect(outcome == .timedOut(reason: "fake (server) gave no answer to hello within 0.15 seconds"))
    }

    @Test("an answer of unsupported is no fault, and keeps its reason")
    func unsupported() throws {
        let answer = "read -r line; echo '{\"event\":\"unsupported\",\"id\":2,\"reason\":\"no curves\"}'"
        let stop = "read -r line; echo '{\"event\":\"stopped\",\"id\":3}'; cat > /dev/null"
        let outcome = try FakePeer.play([FakePeer.driver("\(FakePeer.hello); \(answer); \(stop)")])
        #expect(outcome == .unsupported(reason: "fake (server) can't do that: no curves"))
    }

    @Test("a stack that fails five times in a row is given up, and others are unharmed")
    func givenUp() throws {
        let player = try FakePeer.player([FakePeer.driver("exit 3")])
        let expected = PlayOutcome.crashed(reason: "fake (server) ended with exit code 3")
        for _ in 0..<5 {
            #expect(player.play(FakePeer.testCase("fake"), seed: 1, now: Present.now, playsControl: false) == expected)
        }
        let given = player.play(FakePeer.testCase("fake"), seed: 1, now: Present.now, playsControl: false)
        #expect(
            given
                == .skipped(
                    reason: "not played: fake (server) was given up after 5 faults in a row, the last: "
                        + "fake (server) ended with exit code 3"
                )
        )
        let own = player.play(FakePeer.testCase("countersign"), seed: 1, now: Present.now, playsControl: false)
        guard case .played(let connections, _) = own else {
            Issue.record("\(own)")
            return
        }
        #expect(connections.first?.server.accepted == true)
    }

    @Test("a program that says why it won't take its settings refuses them, and one that says nothing has crashed")
    func refusal() throws {
        let manifest = try FakePeer.server("echo 'fatal: no CA file given'; exit 1")
        guard case .played(let connections, _) = try FakePeer.play([manifest]) else {
            Issue.record("the refusal was no observation")
            return
        }
        #expect(connections.map(\.server.noticed) == [.configuration])
        #expect(connections.map(\.server.reason) == ["no-client-cas"])
        #expect(connections.map(\.server.detail) == ["no CA file"])
        #expect(connections.map(\.client.reachedHandshake) == [false])
        let outcome = try FakePeer.play([FakePeer.server("echo 'fatal: out of memory'; exit 1")])
        #expect(
            outcome
                == .crashed(
                    reason: "fake (server) ended with exit code 1 before it listened; it said: fatal: out of memory"
                )
        )
    }

    @Test("a program that goes on running has refused nothing, whatever it says")
    func warning() throws {
        let manifest = try FakePeer.server("echo 'warning: no CA file given'; exec cat")
        guard case .timedOut(let reason) = try FakePeer.play([manifest], patienceMs: 50) else {
            Issue.record("a server that doesn't listen was not late")
            return
        }
        #expect(reason.hasPrefix("fake (server) did not listen within 0.05 seconds"))
    }

    @Test("what a manifest calls unsupported is not tried")
    func lack() throws {
        var manifest = try FakePeer.driver("exit 3")
        manifest.lacks = [Lack(capabilities: [.tls13], reason: "it is old")]
        #expect(
            try FakePeer.play([manifest]) == .unsupported(reason: "fake can't do tls1.3 as a server: it is old")
        )
    }

    @Test("a missing, an old and a mute stack are unsupported, with the package to install")
    func inspection() throws {
        var missing = try FakePeer.driver("exit 3", name: "missing")
        missing.program = "no-such-program-anywhere"
        var old = try FakePeer.driver("exit 3", name: "old")
        old.version.minimum = "1.10"
        var mute = try FakePeer.driver("exit 3", name: "mute")
        mute.version.command = ["/bin/true"]
        let good = try FakePeer.driver("exit 3", name: "good")
        let inspection = try PeerInspection([missing, old, mute, good], buildFolder: "/tmp")
        #expect(inspection.versions == ["good": "1.2"])
        #expect(
            inspection.manifests.map { $0.lacks.first?.reason } == [
                "no-such-program-anywhere is not installed; install dash",
                "it is 1.2, and 1.10 or later is needed; install dash",
                "it told no version in “”",
                nil,
            ]
        )
    }

    @Test("programs end when the process that started them lets go, whatever they ignore")
    func guardian() throws {
        let folder = try MaterialFolder.makeUnique(FileManager.default.temporaryDirectory.path + "/guard")
        var guardian: ProcessGuard? = try ProcessGuard(folder: folder)
        let group = try #require(guardian).group
        let script = "trap '' TERM HUP INT; echo ready; while true; do read -r line; done"
        let process = try ChildProcess(["/bin/sh", "-c", script], group: group)
        while process.takeLine() == nil {
            var waiting = Waiting()
            process.register(in: &waiting)
            waiting.wait(until: Deadline(after: .seconds(10)))
            process.readAvailable()
        }
        guardian = nil
        #expect(process.waitForExit(until: Deadline(after: .seconds(10))) == .signaled(9))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
