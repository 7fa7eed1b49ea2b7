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
    indirect case givenUp(name: String, count: Int, PeerFault)
    /// The harness is at fault.
    case harness(String)

    var outcome: PlayOutcome {
        switch self {
        case .unsupported(let reason): .unsupported(reason: reason)
        case .late(let reason): .timedOut(reason: reason)
        case .crashed(let reason): .crashed(reason: reason)
        case .garbled(let reason), .harness(let reason): .errored(reason: reason)
        case .givenUp(let name, let count, let fault):
            .skipped(
                reason: "not played: \(name) was given up after \(count) faults in a row, the last: \(fault.words)"
            )
        }
    }

    /// What happened, in words.
    var words: String {
        switch self {
        case .unsupported(let words), .late(let words), .crashed(let words), .garbled(let words), .harness(let words):
            words
        case .givenUp(_, let count, let fault): "\(fault.words) (\(count) times)"
        }
    }

    /// Whether the stack's process can't be trusted any more.
    var spoilsProcess: Bool {
        switch self {
        case .late, .crashed, .garbled: true
        case .unsupported, .givenUp, .harness: false
        }
    }
}
