internal import OpenSSL

/// What a peer's certificate must be good for, by the role of the one who verifies.
enum Purpose: Sendable {
    /// A server verifies its clients.
    case clientAuthentication
    /// A client verifies its server.
    case serverAuthentication

    var keyPurpose: KeyPurposes {
        switch self {
        case .clientAuthentication: .clientAuthentication
        case .serverAuthentication: .serverAuthentication
        }
    }

    var objectIdentifier: String {
        switch self {
        case .clientAuthentication: "1.3.6.1.5.5.7.3.2"
        case .serverAuthentication: "1.3.6.1.5.5.7.3.1"
        }
    }

    var name: String {
        switch self {
        case .clientAuthentication: "clientAuth"
        case .serverAuthentication: "serverAuth"
        }
    }

    /// One of these is enough. A server's key may also decrypt: the RSA key exchange of TLS 1.2.
    var keyUsages: KeyUsage {
        switch self {
        case .clientAuthentication: [.digitalSignature, .keyAgreement]
        case .serverAuthentication: [.digitalSignature, .keyAgreement, .keyEncipherment]
        }
    }

    var keyUsageNames: String {
        switch self {
        case .clientAuthentication: "digitalSignature or keyAgreement"
        case .serverAuthentication: "digitalSignature, keyAgreement or keyEncipherment"
        }
    }
}
