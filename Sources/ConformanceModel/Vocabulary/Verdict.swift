/// The judge's verdict on one case.
package enum Verdict: String, Hashable, CaseIterable, Codable, Sendable {
    /// Both sides did what the oracle permits.
    case passed
    /// A side did what the oracle does not permit, and no deviation speaks of it.
    case failed
    /// A side differs from the oracle exactly as a known, reasoned deviation says.
    case deviated
    /// A deviation speaks of this case, and the stack now does what the oracle permits.
    case unexpectedlyPassed = "unexpectedly-passed"
    /// A stack of the pairing cannot do what the case asks, by its own manifest.
    case unsupported
    /// The case was not played, for a reason that the result gives.
    case skipped
    /// The case did not end before its deadline.
    case timedOut = "timed-out"
    /// The process that played the case died.
    case crashed
    /// The harness itself failed, or the positive control did: the case says nothing about the stacks.
    case errored

    /// Whether the verdict is about something that was played.
    package var isPlayed: Bool {
        switch self {
        case .passed, .failed, .deviated, .unexpectedlyPassed, .timedOut, .crashed, .errored: true
        case .unsupported, .skipped: false
        }
    }

    /// Whether a run that holds this verdict went as expected.
    package var isExpected: Bool {
        switch self {
        case .passed, .deviated, .unsupported, .skipped: true
        case .failed, .unexpectedlyPassed, .timedOut, .crashed, .errored: false
        }
    }
}
