/// A change of one setting on one side, while it runs.
package struct Rotation: Hashable, Codable, Sendable {
    package var side: Side
    package var change: SettingChange
    package var at: Phase?

    package init(side: Side, _ change: SettingChange, at: Phase? = nil) {
        self.side = side
        self.change = change
        self.at = at
    }
}

/// A setting, and what it becomes.
package enum SettingChange: Hashable, Sendable {
    /// The credential that takes over. One whose key does not match must be refused, and the last good one kept.
    case identity(String)
    /// The server's pool for client certificates.
    case clientCAs([String])
    /// The server's mode.
    case clientAuth(ClientAuthMode)
    /// The client's pool for server certificates.
    case rootCAs([String])
    /// The name that the client expects in the server's certificate.
    case serverName(String)
    /// The side's revocation lists.
    case revocationLists([String])

    /// The setting's name in scenarios.
    package enum Setting: String, Hashable, CaseIterable, Codable, Sendable {
        case identity, clientCAs, clientAuth, rootCAs, serverName, crl

        /// Whether it belongs to what ``PoolPolicy`` may fix when a side starts.
        package var isFixable: Bool {
            switch self {
            case .clientCAs, .clientAuth, .rootCAs, .serverName: true
            case .identity, .crl: false
            }
        }

        /// The sides that have such a setting.
        package var sides: [Side] {
            switch self {
            case .identity, .crl: [.server, .client]
            case .clientCAs, .clientAuth: [.server]
            case .rootCAs, .serverName: [.client]
            }
        }
    }

    package var setting: Setting {
        switch self {
        case .identity: .identity
        case .clientCAs: .clientCAs
        case .clientAuth: .clientAuth
        case .rootCAs: .rootCAs
        case .serverName: .serverName
        case .revocationLists: .crl
        }
    }

    /// Puts the new value into a server's settings; a setting that only clients have leaves them alone.
    package func apply(to settings: inout ServerSettings) {
        switch self {
        case .identity(let name): settings.identity = name
        case .clientCAs(let pool): settings.clientCAs = pool
        case .clientAuth(let mode): settings.clientAuth = mode
        case .revocationLists(let lists): settings.revocationLists = lists
        case .rootCAs, .serverName: break
        }
    }

    /// Puts the new value into a client's settings; a setting that only servers have leaves them alone.
    package func apply(to settings: inout ClientSettings) {
        switch self {
        case .identity(let name): settings.identity = name
        case .rootCAs(let pool): settings.rootCAs = pool
        case .serverName(let name): settings.serverName = name
        case .revocationLists(let lists): settings.revocationLists = lists
        case .clientCAs, .clientAuth: break
        }
    }
}

/// A rotation stands in results as a scenario writes it: `{side, what, to, at}`.
extension Rotation {
    private enum Key: String, CodingKey {
        case side, what, to, at
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(side, forKey: .side)
        try container.encode(change.setting, forKey: .what)
        switch change {
        case .identity(let name), .serverName(let name): try container.encode(name, forKey: .to)
        case .clientAuth(let mode): try container.encode(mode, forKey: .to)
        case .clientCAs(let names), .rootCAs(let names), .revocationLists(let names):
            try container.encode(names, forKey: .to)
        }
        try container.encodeIfPresent(at, forKey: .at)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        side = try container.decode(Side.self, forKey: .side)
        at = try container.decodeIfPresent(Phase.self, forKey: .at)
        change =
            switch try container.decode(SettingChange.Setting.self, forKey: .what) {
            case .identity: .identity(try container.decode(String.self, forKey: .to))
            case .serverName: .serverName(try container.decode(String.self, forKey: .to))
            case .clientAuth: .clientAuth(try container.decode(ClientAuthMode.self, forKey: .to))
            case .clientCAs: .clientCAs(try container.decode([String].self, forKey: .to))
            case .rootCAs: .rootCAs(try container.decode([String].self, forKey: .to))
            case .crl: .revocationLists(try container.decode([String].self, forKey: .to))
            }
    }
}
