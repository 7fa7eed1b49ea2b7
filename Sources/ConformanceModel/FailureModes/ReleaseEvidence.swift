/// The answers of one release of a pair.
package struct ReleaseHalf: Hashable, Codable, Sendable {
    package struct Answer: Hashable, Codable, Sendable {
        package var stage: String
        package var ask: String
        package var outcome: String

        package init(stage: String, ask: String, outcome: String) {
            self.stage = stage
            self.ask = ask
            self.outcome = outcome
        }
    }

    /// For example `caddy@2.10.2`.
    package var release: String
    package var answers: [Answer]

    package init(release: String, answers: [Answer]) {
        self.release = release
        self.answers = answers
    }
}

/// The answers of both releases of a failure mode's pair, as they were seen.
package struct ReleaseEvidence: Hashable, Codable, Sendable {
    /// The failure mode.
    package var id: String
    /// The digest of the play that was played.
    package var play: String
    /// The day, as `2026-11-29`.
    package var date: String
    package var affected: ReleaseHalf
    package var mended: ReleaseHalf

    package init(id: String, play: String, date: String, affected: ReleaseHalf, mended: ReleaseHalf) {
        self.id = id
        self.play = play
        self.date = date
        self.affected = affected
        self.mended = mended
    }
}

/// Which of a pair's two releases an answer is expected of.
package enum ReleaseRole: String, Hashable, CaseIterable, Codable, Sendable {
    case affected, mended
}

/// An answer that differs from the one that its half must give.
package struct ReleaseMismatch: Hashable, Sendable, CustomStringConvertible {
    package var role: ReleaseRole
    /// The half in words: `affected`, `shows`.
    package var word: String
    package var release: String
    package var stage: String
    package var ask: String
    package var expected: String
    package var found: String

    package var description: String {
        "\(word) \(release), \(stage.isEmpty ? "" : "\(stage), ")\(ask): expected \(expected), found \(found)"
    }
}

extension ReleasePair {
    /// The answers of one half that aren't the expected ones; empty for a half that is as documented.
    ///
    /// An answer that is missing, or that nobody asked for, is none that anything can be concluded from.
    package func mismatches(of half: ReleaseHalf, as role: ReleaseRole) -> [ReleaseMismatch] {
        var answers: [String: String] = [:]
        for answer in half.answers { answers["\(answer.stage)\u{0}\(answer.ask)"] = answer.outcome }
        return stages.flatMap { stage in
            stage.asks.compactMap { ask in
                let expected = role == .affected ? ask.affected : ask.mended
                let found = answers["\(stage.name)\u{0}\(ask.name)"]
                if let found, expected.permits(found) { return nil }
                return ReleaseMismatch(
                    role: role,
                    word: word(for: role),
                    release: half.release,
                    stage: stage.name,
                    ask: ask.name,
                    expected: expected.text,
                    found: found ?? "no answer"
                )
            }
        }
    }

    /// All that is not as documented in both halves.
    package func mismatches(_ affected: ReleaseHalf, _ mended: ReleaseHalf) -> [ReleaseMismatch] {
        mismatches(of: affected, as: .affected) + mismatches(of: mended, as: .mended)
    }

    /// Whether evidence is of this play in its present form, on these releases, and as documented.
    package func isShown(by evidence: ReleaseEvidence) -> Bool {
        evidence.play == digest && isOf(evidence.affected, as: .affected) && isOf(evidence.mended, as: .mended)
            && mismatches(evidence.affected, evidence.mended).isEmpty
    }

    private func isOf(_ half: ReleaseHalf, as role: ReleaseRole) -> Bool {
        ReleaseName(half.release).map { release(of: role).covers($0) } ?? false
    }
}
