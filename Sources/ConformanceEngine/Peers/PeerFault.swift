internal import ConformanceModel

/// What came between a case and its observations when a stack plays as a program; each names the stack.
enum PeerFault: Error, Hashable {
    /// The stack can't do what the case asks, by its manifest, or isn't installed.
    case unsupported(String)
    /// It did not answer in time.
    case late(String)
    /// It ended where it must not.
    case crashed(String)
    /// It said what the protocol or the manifest does not know.
    case garbled(String)
    /// It was not asked any more, having failed so many times in a row.
    indirect case givenUp(count: Int, PeerFault)
    /// The harness is at fault.
    case harness(String)

    var outcome: PlayOutcome {
        switch self {
        case .unsupported(let reason): .unsupported(reason: reason)
        case .late(let reason): .timedOut(reason: reason)
        case .crashed(let reason): .crashed(reason: reason)
        case .garbled(let reason), .harness(let reason): .errored(reason: reason)
        case .givenUp(let count, .late(let reason)): .timedOut(reason: Self.givenUp(count, reason))
        case .givenUp(let count, .crashed(let reason)): .crashed(reason: Self.givenUp(count, reason))
        case .givenUp(let count, .garbled(let reason)): .errored(reason: Self.givenUp(count, reason))
        case .givenUp(_, let fault): fault.outcome
        }
    }

    private static func givenUp(_ count: Int, _ reason: String) -> String {
        "not played, after \(count) faults in a row: \(reason)"
    }

    /// Whether the stack's process can't be trusted any more.
    var spoilsProcess: Bool {
        switch self {
        case .late, .crashed, .garbled: true
        case .unsupported, .givenUp, .harness: false
        }
    }
}
