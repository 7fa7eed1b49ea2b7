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
