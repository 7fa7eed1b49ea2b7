import ConformanceModel
import Testing

@testable import Campaign

@Suite("How much of a program's cases was played")
struct PlayedShareTests {
    private static let stack = Stack(rawValue: "mystack")

    private static func testCase(_ number: Int) -> ConformanceCase {
        ConformanceCase(
            id: "area/topic/\(number)/mystack/countersign",
            scenario: "area/topic",
            axes: [],
            pairing: Pairing(server: stack, client: .countersign),
            version: .tls13,
            pki: PKISpecification(),
            server: ServerSettings(),
            client: ClientSettings(),
            steps: [.connect, .exchange]
        )
    }

    private static func findings(played: Int, unsupported: Int, lacks: [Lack] = [], isNamed: Bool = true) -> [String] {
        let cases = (0..<played + unsupported).map(testCase)
        let results = cases.enumerated().map { index, testCase in
            CaseResult(
                id: testCase.id,
                scenario: testCase.scenario,
                axes: [:],
                server: testCase.pairing.server,
                client: testCase.pairing.client,
                verdict: index < played ? .passed : .unsupported,
                expected: [],
                rules: [],
                observed: Observed(),
                reason: index < played ? nil : "no curves",
                deviation: nil,
                durationMs: 1
            )
        }
        let manifest = PeerManifest(
            stack: stack,
            title: "",
            implementation: stack,
            folder: "",
            package: "",
            program: "",
            version: VersionQuery(command: [], pattern: ""),
            driver: ["driver"],
            environment: [:],
            speaks: [.greeting],
            lacks: lacks
        )
        return PlayedShare(cases: cases, results: results).findings([manifest]) { _ in isNamed }
    }

    @Test("A driver that answers unsupported to most of its cases is a finding that names one")
    func mostlyUnsupported() {
        #expect(
            Self.findings(played: 2, unsupported: 12) == [
                "mystack played 2 of the 14 cases that its manifest doesn't rule out, which is less than half: "
                    + "area/topic/2/mystack/countersign: no curves"
            ]
        )
        #expect(Self.findings(played: 7, unsupported: 7) == [])
    }

    @Test("What a manifest rules out in advance isn't held against the stack, but for one that was named and lost")
    func lost() {
        let absent = Lack(capabilities: [.server, .client], reason: "mystack is not installed")
        #expect(Self.findings(played: 0, unsupported: 3, lacks: [absent], isNamed: false) == [])
        #expect(
            Self.findings(played: 0, unsupported: 3, lacks: [absent]) == [
                "mystack was asked for and played none of its 3 cases: no curves"
            ]
        )
    }
}
