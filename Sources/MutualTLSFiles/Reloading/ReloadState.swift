public import MutualTLS

/// Whether what a ``FileReloader`` holds is what its files say.
public enum ReloadStatus<Value: Sendable>: Sendable {
    /// The files were good when they were last looked at, and say this since the time of the check that found it.
    case current(Value, since: Timestamp)
    /// The files can't be used since the time of the check that first found it, for this reason, which is the
    /// newest one. The last good value stays.
    case keeping(Value, since: Timestamp, reason: MutualTLSFilesError)

    /// The last good value.
    public var value: Value {
        switch self {
        case .current(let value, _), .keeping(let value, _, _): value
        }
    }

    /// Why the last good value stays, or nil if it is what the files say.
    public var reason: MutualTLSFilesError? {
        switch self {
        case .current: nil
        case .keeping(_, _, let reason): reason
        }
    }

    /// Whether the value is what the files say.
    public var isCurrent: Bool { reason == nil }
}

/// The state of a reloader: its last good value, since when, and which reasons have been told.
struct ReloadState<Value: Sendable>: Sendable {
    private(set) var status: ReloadStatus<Value>
    private(set) var warnings: [FileWarning]
    private var currentSince: Timestamp
    private var toldReasons: Set<String> = []
    private let isSame: @Sendable (Value, Value) -> Bool

    /// A writer that never comes to an end makes ever new reasons.
    private static var mostToldReasons: Int { 64 }

    init(_ reading: Reading<Value>, at now: Timestamp, isSame: @escaping @Sendable (Value, Value) -> Bool) {
        status = .current(reading.value, since: now)
        currentSince = now
        warnings = reading.warnings
        self.isSame = isSame
    }

    /// The value that was read, and the notes about it.
    struct Step: Sendable {
        let outcome: CheckOutcome<Value>
        /// Whether the status is another one than before.
        var isNews = false
        /// Whether the reason has not been told since the files were last good.
        var isNewReason = false
        /// The warnings that were not there before.
        var newWarnings: [FileWarning] = []
    }

    mutating func take(_ result: Result<Reading<Value>, MutualTLSFilesError>, at now: Timestamp) -> Step {
        switch result {
        case .success(let reading): take(reading, at: now)
        case .failure(let reason): keep(for: reason, at: now)
        }
    }

    private mutating func take(_ reading: Reading<Value>, at now: Timestamp) -> Step {
        let newWarnings = reading.warnings.filter { !warnings.contains($0) }
        warnings = reading.warnings
        toldReasons = []
        guard isSame(reading.value, status.value) else {
            status = .current(reading.value, since: now)
            currentSince = now
            return Step(outcome: .updated(reading.value), isNews: true, newWarnings: newWarnings)
        }
        guard !status.isCurrent else { return Step(outcome: .unchanged, newWarnings: newWarnings) }
        status = .current(status.value, since: currentSince)
        return Step(outcome: .restored, isNews: true, newWarnings: newWarnings)
    }

    private mutating func keep(for reason: MutualTLSFilesError, at now: Timestamp) -> Step {
        if toldReasons.count >= Self.mostToldReasons { toldReasons = [] }
        let step = Step(
            outcome: .kept(reason),
            isNews: status.reason?.message != reason.message,
            isNewReason: toldReasons.insert(reason.message).inserted
        )
        switch status {
        case .current(let value, _): status = .keeping(value, since: now, reason: reason)
        case .keeping(let value, let since, _): status = .keeping(value, since: since, reason: reason)
        }
        return step
    }
}
