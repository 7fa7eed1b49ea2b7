package import ConformanceModel

/// How the process ends, for scripts and CI.
package enum ProcessStatus: Int32, Sendable {
    /// Everything went as expected.
    case asExpected = 0
    /// A stack did what no rule and no deviation permits, a case did not end in time, or the run has a finding.
    case unexpectedResults = 1
    /// The command line, a path or a scenario is wrong; nothing was played.
    case usage = 2
    /// The harness itself failed, and the results say nothing about the stacks.
    case harnessFault = 3
    /// SIGINT; the reports hold what was played until then.
    case interrupted = 130
    /// SIGTERM; the reports hold what was played until then.
    case terminated = 143

    /// The status of a run that was played to its end.
    package init(of report: RunReport) {
        let verdicts = Set(report.cases.map(\.verdict))
        if !verdicts.isDisjoint(with: [.failed, .unexpectedlyPassed, .timedOut]) {
            self = .unexpectedResults
        } else if !verdicts.isDisjoint(with: [.errored, .crashed]) {
            self = .harnessFault
        } else {
            self = report.hasUnexpectedResults ? .unexpectedResults : .asExpected
        }
    }
}

/// An error with a sentence for people and the status that the process ends with.
package struct CommandError: Error, Equatable {
    package var message: String
    package var status: ProcessStatus

    package init(
        message: String,
        status: ProcessStatus
    ) {
        self.message = message
        self.status = status
    }

    /// A mistake that the user can correct: a path, an option, a scenario.
    package static func usage(_ message: String) -> CommandError {
        CommandError(message: message, status: .usage)
    }
}

/// The version of this program, as `version` prints it and results name it.
package enum Version {
    package static let text = "0.1.0"
}
