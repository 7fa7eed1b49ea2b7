internal import ConformanceModel
internal import Glibc

/// A worker that breaks on purpose at one case, so that tests can show that a run survives it.
///
/// It exists only where a test has set the variable, for example `COUNTERSIGN_WORKER_FAULT=abort:CASE-ID`.
struct WorkerFault {
    static let variable = "COUNTERSIGN_WORKER_FAULT"

    private enum Kind: String {
        case abort
        case spin
        /// Dies as by the hand of the kernel or an operator.
        case kill
        /// Takes memory until there is no more.
        case eat
        /// Finds its address in use, the first time.
        case busyOnce = "busy-once"
    }

    private let kind: Kind
    private let caseID: String
    private var strikes = 0

    static func fromEnvironment() -> WorkerFault? {
        guard let value = getenv(variable) else { return nil }
        return WorkerFault(String(cString: value))
    }

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let kind = Kind(rawValue: String(text[..<colon])) else {
            return nil
        }
        self.kind = kind
        caseID = String(text[text.index(after: colon)...])
    }

    /// Does not come back if this is the case to break at, or returns how it ended.
    mutating func strike(_ id: String) -> PlayOutcome? {
        guard id == caseID else { return nil }
        strikes += 1
        switch kind {
        case .abort: abort()
        case .spin: while true { sched_yield() }
        case .kill: while true { Glibc.kill(getpid(), SIGKILL) }
        case .eat:
            var eaten: [[UInt8]] = []
            while true { eaten.append(Array(repeating: UInt8(truncatingIfNeeded: eaten.count), count: 1 << 24)) }
        case .busyOnce:
            return strikes > 1 ? nil : .errored(reason: "no listener: \(String(cString: strerror(EADDRINUSE)))")
        }
    }
}
