/// What a server puts beside a session into its ticket.
package struct TicketGrant: Sendable {
    /// Bytes of the server's own, which come back protected with the ticket.
    package let data: [UInt8]
    /// For how many seconds the client is told to keep it; at least one is told.
    package let lifetimeHint: Int64
    /// Whether the server would keep the session, if it is one of TLS 1.3.
    package let keepsSession: Bool

    package init(data: [UInt8], lifetimeHint: Int64, keepsSession: Bool) {
        self.data = data
        self.lifetimeHint = lifetimeHint
        self.keepsSession = keepsSession
    }
}
