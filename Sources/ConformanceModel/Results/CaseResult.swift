/// One case with what was expected, what was seen, and what the judge says.
package struct CaseResult: Hashable, Codable, Sendable {
    package var id: String
    package var scenario: String
    /// Axis name to value.
    package var axes: [String: String]
    package var server: Stack
    package var client: Stack
    package var verdict: Verdict
    /// The case's timeline, where it is more than connections that open, exchange and close.
    package var steps: [Step]?
    /// The permitted outcomes, one per connection.
    package var expected: [ConnectionExpectation]
    /// The rules that decided, by id.
    package var rules: [String]
    package var observed: Observed
    /// Why the verdict is not `passed`: what was expected, by which rule, and what was seen; the deviation's reason.
    package var reason: String?
    /// The deviation that explains the result, `STACK: entry`.
    package var deviation: String?
    /// The stack and the rule that account for an unexpected result; nil where no single rule does.
    package var cause: ResultCause?
    package var durationMs: Double
    /// Causes of the environment for which earlier plays of the case don't count; nil when it was played once.
    package var flaky: [String]?

    package init(
        id: String,
        scenario: String,
        axes: [String: String],
        server: Stack,
        client: Stack,
        verdict: Verdict,
        steps: [Step]? = nil,
        expected: [ConnectionExpectation],
        rules: [String],
        observed: Observed,
        reason: String?,
        deviation: String?,
        durationMs: Double
    ) {
        self.id = id
        self.scenario = scenario
        self.axes = axes
        self.server = server
        self.client = client
        self.verdict = verdict
        self.steps = steps
        self.expected = expected
        self.rules = rules
        self.observed = observed
        self.reason = reason
        self.deviation = deviation
        self.durationMs = durationMs
    }
}

/// The rule that explains an unexpected result, and the stack that answers it otherwise.
package struct ResultCause: Hashable, Codable, Sendable {
    package var stack: Stack
    /// The id of a rule, or the name of an exception.
    package var rule: String

    package init(stack: Stack, rule: String) {
        self.stack = stack
        self.rule = rule
    }
}

/// The observations of each side, one entry per connection.
package struct Observed: Hashable, Codable, Sendable {
    package var server: [SideObservation]
    package var client: [SideObservation]

    package init(server: [SideObservation] = [], client: [SideObservation] = []) {
        self.server = server
        self.client = client
    }
}

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
