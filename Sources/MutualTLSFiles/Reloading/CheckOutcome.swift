/// What a check of a ``FileReloader`` has found.
public enum CheckOutcome<Value: Sendable>: Sendable {
    /// The files say what they said.
    case unchanged
    /// The files say something new, and it is in use now.
    case updated(Value)
    /// The files can be used again, and say what they said before they could not.
    case restored
    /// The files can't be used, and the last good value stays.
    case kept(MutualTLSFilesError)
}
