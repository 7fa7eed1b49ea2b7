/// One step of a case's timeline.
package enum Step: Hashable, Codable, Sendable {
    /// Opens a connection and shakes hands in full: the client offers no session.
    case connect
    /// Opens a further connection of the same client, which offers the session that it holds only if it resumes.
    case reconnect(resume: Bool)
    /// The server greets, the client answers, on the connection opened last.
    case exchange
    /// Changes one setting of a side. With a phase it happens during the connection opened before it, exactly there;
    /// without one it happens now, between connections or on an established one.
    case rotate(Rotation)
    /// Closes the connection opened last with close_notify from both sides.
    case close
    /// Ends a side's process and starts it again with the settings as they stand now: what was fixed at the start is
    /// read anew, and what lived in memory, sessions and ticket keys of its own, is gone.
    case restart(Side)
    /// Moves the clock of both sides forward.
    case advanceClock(seconds: Int64)

    /// Whether the step opens a connection.
    package var opensConnection: Bool {
        switch self {
        case .connect, .reconnect: true
        case .exchange, .rotate, .close, .restart, .advanceClock: false
        }
    }

    /// Whether it is one of those that every case is made of, and tells nothing about it.
    package var isPlain: Bool {
        switch self {
        case .connect, .exchange, .close: true
        case .reconnect, .rotate, .restart, .advanceClock: false
        }
    }
}
