/// One step of a case's timeline.
package enum Step: Hashable, Codable, Sendable {
    /// Opens a connection and shakes hands.
    case connect
    /// The server greets, the client answers, on the connection opened last.
    case exchange
    /// Changes what a side presents. With a phase it happens during the connect before it, exactly there;
    /// without one it happens now, between connections or on an established one.
    case rotate(Rotation)
    /// Closes the connection opened last with close_notify from both sides.
    case close
}

/// A change of identity on one side.
package struct Rotation: Hashable, Codable, Sendable {
    package var side: Side
    /// The credential that takes over. One whose key does not match must be refused, and the last good one kept.
    package var to: String
    package var at: Phase?

    package init(side: Side, to: String, at: Phase? = nil) {
        self.side = side
        self.to = to
        self.at = at
    }
}
