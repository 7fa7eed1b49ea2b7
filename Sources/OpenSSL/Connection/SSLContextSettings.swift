/// Which end of a connection this is.
package enum SSLRole: Sendable {
    case server
    case client
}

/// A version of TLS, as the wire numbers it.
package enum SSLProtocolVersion: Int32, Sendable {
    case tls12 = 0x0303
    case tls13 = 0x0304
}

/// What tells one kind of context from another. It says nothing of identity, trust or policy.
package struct SSLContextSettings: Sendable, Hashable {
    let role: SSLRole
    let minimumVersion: SSLProtocolVersion
    let maximumVersion: SSLProtocolVersion
    let acceptsPinnedLeaves: Bool
    let securityLevel: Int32?
    private(set) var exportsKeys: Bool
    let keepsSessions: Bool

    /// With `keepsSessions` a server issues tickets and takes them back, and a client is handed its sessions, all
    /// through the connection's delegate: the context itself keeps no session and no key. A server sends one ticket a
    /// handshake.
    /// `acceptsPinnedLeaves` lets a chain end in any certificate of the trust store, self-signed or not.
    /// `securityLevel` replaces the platform's; `exportsKeys` asks for key log lines.
    package init(
        role: SSLRole,
        minimumVersion: SSLProtocolVersion,
        maximumVersion: SSLProtocolVersion,
        acceptsPinnedLeaves: Bool = true,
        securityLevel: Int32? = nil,
        exportsKeys: Bool = false,
        keepsSessions: Bool = false
    ) {
        self.role = role
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.acceptsPinnedLeaves = acceptsPinnedLeaves
        self.securityLevel = securityLevel
        self.exportsKeys = exportsKeys
        self.keepsSessions = keepsSessions
    }

    var exportingKeys: SSLContextSettings {
        var copy = self
        copy.exportsKeys = true
        return copy
    }
}
