/// A TLS alert by its number (RFC 8446 section 6, IANA registry "TLS Alerts").
///
/// Numbers without a name here survive: a peer may send any.
public struct Alert: RawRepresentable, Sendable, Hashable, Codable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// Makes an alert from its number on the wire.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The name that IANA registers, for example `certificate_required`, or `alert_N` for an unregistered number.
    public var name: String { Alert.names[rawValue] ?? "alert_\(rawValue)" }
}

extension Alert: CustomStringConvertible {
    /// Name and number, for example `unknown_ca (48)`.
    public var description: String { "\(name) (\(rawValue))" }
}
