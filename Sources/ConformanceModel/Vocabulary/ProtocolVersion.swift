/// The TLS version that both sides of a case are held to.
package enum ProtocolVersion: String, Hashable, CaseIterable, Comparable, Codable, Sendable {
    case tls12 = "1.2"
    case tls13 = "1.3"

    /// The form that stands in case ids, for example `tls1.3`.
    package var idComponent: String { "tls\(rawValue)" }

    package static func < (lhs: ProtocolVersion, rhs: ProtocolVersion) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
