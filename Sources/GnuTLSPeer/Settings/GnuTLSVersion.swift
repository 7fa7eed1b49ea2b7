/// A protocol version that a side may allow.
package enum GnuTLSVersion: Int, Sendable, CaseIterable, Comparable {
    /// TLS 1.2, RFC 5246.
    case tls12
    /// TLS 1.3, RFC 8446.
    case tls13

    package static func < (left: GnuTLSVersion, right: GnuTLSVersion) -> Bool { left.rawValue < right.rawValue }

    /// GnuTLS's priority string: its NORMAL level with these versions alone.
    static func priority(from minimum: GnuTLSVersion, to maximum: GnuTLSVersion) -> String {
        allCases.reversed().filter { minimum <= $0 && $0 <= maximum }.reduce("NORMAL:-VERS-ALL") { string, version in
            switch version {
            case .tls12: string + ":+VERS-TLS1.2"
            case .tls13: string + ":+VERS-TLS1.3"
            }
        }
    }
}
