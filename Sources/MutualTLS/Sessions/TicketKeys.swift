internal import OpenSSL

/// Where the keys come from that protect a server's session tickets (RFC 5077 section 5.5).
///
/// Time is cut into periods by the clock of the settings, and each period has keys of its own. Keys of past periods
/// open tickets until the sessions' lifetime has passed, and are forgotten then.
public struct TicketKeys: Sendable {
    enum Source: Sendable {
        case random
        case shared(secret: [UInt8])
    }

    let source: Source
    let period: Duration

    /// Whether another server may have to open the tickets.
    var isShared: Bool {
        switch source {
        case .random: false
        case .shared: true
        }
    }

    /// Random keys, which never leave the server that was resolved from the settings and end with it.
    public static func random(period: Duration = .seconds(86_400)) -> TicketKeys {
        TicketKeys(source: .random, period: period)
    }

    /// Keys derived from a secret: every server with the same secret and period opens the others' tickets, in this
    /// process or another, and all of them change keys at the same time.
    ///
    /// Whoever knows the secret can read the tickets of every period, and with them connections of TLS 1.2: keep it
    /// like a private key, and replace it from time to time.
    ///
    /// - Parameter secret: at least 32 bytes that nobody can guess, for example from `openssl rand 32`.
    public static func shared(secret: [UInt8], period: Duration = .seconds(86_400)) -> TicketKeys {
        TicketKeys(source: .shared(secret: secret), period: period)
    }
}

extension TicketKeys: CustomStringConvertible, CustomReflectable {
    /// The kind and the period, without the secret.
    public var description: String {
        switch source {
        case .random: "random ticket keys, each for \(period)"
        case .shared: "shared ticket keys, each for \(period)"
        }
    }

    /// Shows nothing, so that a dump has no secret in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
