/// How a side of a case uses sessions; without such settings it neither issues nor offers any.
package struct SessionSettings: Hashable, Codable, Sendable {
    /// How long after the full handshake a session may be used.
    package var lifetimeSeconds: Int64
    /// Server: whether its ticket keys come from a secret that outlives a restart; a client has none.
    package var sharesTicketKeys: Bool

    package init(lifetimeSeconds: Int64, sharesTicketKeys: Bool = false) {
        self.lifetimeSeconds = lifetimeSeconds
        self.sharesTicketKeys = sharesTicketKeys
    }
}

/// When a side takes its pools, its mode and its server name.
package enum PoolPolicy: String, Hashable, CaseIterable, Codable, Sendable {
    /// Once, when it starts.
    case fixed
    /// For each handshake.
    case live
}
