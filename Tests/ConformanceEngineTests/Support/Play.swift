import ConformanceModel
import Testing

@testable import ConformanceEngine

/// Plays a case in this process, at the present.
func play(_ testCase: ConformanceCase, playsControl: Bool = false) throws -> PlayOutcome {
    try CasePlayer(stacks: .standard()).play(testCase, seed: 42, now: Present.now, playsControl: playsControl)
}

/// Plays a case and returns its connections.
func played(_ testCase: ConformanceCase) throws -> [ConnectionObservation] {
    guard case .played(let connections, _) = try play(testCase) else {
        Issue.record("not played: \(try play(testCase))")
        return []
    }
    return connections
}
