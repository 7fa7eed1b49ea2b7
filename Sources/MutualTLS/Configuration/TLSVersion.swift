internal import OpenSSL

/// A version of TLS that the library speaks.
public enum TLSVersion: String, Sendable, Hashable, Comparable, CaseIterable, Codable {
    /// TLS 1.2 (RFC 5246).
    case tls12 = "1.2"
    /// TLS 1.3 (RFC 8446).
    case tls13 = "1.3"

    /// Whether the left one is the older version.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.rawValue < right.rawValue
    }

    var wireVersion: SSLProtocolVersion { self == .tls12 ? .tls12 : .tls13 }

    init?(wireNumber: Int32) {
        switch SSLProtocolVersion(rawValue: wireNumber) {
        case .tls12: self = .tls12
        case .tls13: self = .tls13
        case nil: return nil
        }
    }
}

/// The foundation of the library.
public enum MutualTLSLibrary {
    /// The version of the OpenSSL that is loaded, for example `3.0.19`; it may be later than the one built against.
    public static var openSSLVersion: String { OpenSSLLibrary.version }
}
