package import ConformanceModel

/// One playing of a case with everything that another person needs to look into it.
package struct Recording: Sendable {
    package var observations: [ConnectionObservation]
    package var connections: [RecordedConnection]
    /// In the format of NSS; they decrypt the connections.
    package var keyLog: [String]
    /// The certificates and keys that it was played with.
    package var material: CaseMaterial

    /// Plays the case once, without its control.
    ///
    /// - Parameters:
    ///   - seed: what serial numbers are drawn from.
    ///   - now: seconds since 1970; validity is relative to it.
    /// - Throws: ``RecordingFailed`` when the case can't be played to its end.
    package static func play(_ testCase: ConformanceCase, seed: UInt64, now: Int64) throws(RecordingFailed) -> Recording
    {
        let recorder = WireRecorder()
        let stacks = StackRegistry([
            CountersignAdapter(keyLog: { recorder.add(keyLog: $0) }).recorded(by: recorder),
            GnuTLSAdapter().recorded(by: recorder),
        ])
        do throws(PlayFailure) {
            let player = CasePlayer(stacks: stacks)
            let (observations, material) = try player.playOnce(testCase, seed: seed, now: now)
            return Recording(
                observations: observations,
                connections: recorder.connections,
                keyLog: recorder.keyLog,
                material: material
            )
        } catch {
            throw RecordingFailed(outcome: error.outcome)
        }
    }
}

/// Why a case left no recording.
package struct RecordingFailed: Error, CustomStringConvertible {
    package var outcome: PlayOutcome

    package var description: String {
        switch outcome {
        case .played: "the case was played"
        case .unsupported(let reason), .skipped(let reason), .timedOut(let reason), .crashed(let reason),
            .errored(let reason):
            reason
        }
    }
}
