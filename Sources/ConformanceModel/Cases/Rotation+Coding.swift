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
