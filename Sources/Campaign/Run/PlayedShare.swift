internal import ConformanceModel

/// How much of a program's cases was played, and what of that is wrong with the run as a whole.
struct PlayedShare {
    private let cases: [ConformanceCase]
    private let results: [String: CaseResult]

    init(cases: [ConformanceCase], results: [CaseResult]) {
        self.cases = cases
        self.results = Dictionary(results.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A stack that answers "unsupported" to most of its cases passes nothing, whatever the rest says, and one that was
    /// named and not played at all is lost.
    ///
    /// Cases that a manifest rules out in advance were never asked of the stack.
    ///
    /// - Parameters:
    ///   - manifests: the stacks, as they were found on this machine.
    ///   - isNamed: whether the user asked for a stack by its name, and not for whatever is there.
    func findings(_ manifests: [PeerManifest], isNamed: (Stack) -> Bool) -> [String] {
        manifests.compactMap { manifest in
            let stack = manifest.stack
            let own = cases.filter { $0.pairing.server == stack || $0.pairing.client == stack }
            let asked = own.filter { testCase in
                !Side.allCases.contains { side in
                    testCase.pairing[side] == stack && manifest.refusal(of: testCase.needs(of: side), as: side) != nil
                }
            }
            let unplayed = asked.filter { results[$0.id]?.verdict.isPlayed == false }
            if unplayed.count * 2 > asked.count, let first = unplayed.first {
                return "\(stack.rawValue) played \(asked.count - unplayed.count) of the \(asked.count) cases that its "
                    + "manifest doesn't rule out, which is less than half: \(first.id): "
                    + "\(results[first.id]?.reason ?? "no reason given")"
            }
            guard asked.isEmpty, isNamed(stack), let first = own.first else { return nil }
            return "\(stack.rawValue) was asked for and played none of its \(own.count) cases: "
                + (results[first.id]?.reason ?? "no reason given")
        }
    }
}
