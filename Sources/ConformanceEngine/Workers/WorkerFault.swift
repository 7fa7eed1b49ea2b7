internal import Glibc

/// A worker that breaks on purpose at one case, so that tests can show that a run survives it.
///
/// It exists only where a test has set the variable, for example `COUNTERSIGN_WORKER_FAULT=abort:CASE-ID`.
struct WorkerFault {
    static let variable = "COUNTERSIGN_WORKER_FAULT"

    private enum Kind: String {
        case abort
        case spin
    }

    private let kind: Kind
    private let caseID: String

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

    /// Does not come back if this is the case to break at.
    func strike(_ id: String) {
        guard id == caseID else { return }
        switch kind {
        case .abort: abort()
        case .spin: while true { sched_yield() }
        }
    }
}
