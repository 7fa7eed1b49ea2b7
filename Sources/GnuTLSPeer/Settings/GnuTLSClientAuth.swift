internal import CGnuTLS
internal import Glibc

/// A server's policy for client certificates, under Go's names.
package enum GnuTLSClientAuth: String, Sendable, CaseIterable {
    /// `GNUTLS_CERT_IGNORE`: no CertificateRequest.
    case noClientCert = "NoClientCert"
    /// `GNUTLS_CERT_REQUEST` without a verify function.
    case requestClientCert = "RequestClientCert"
    /// `GNUTLS_CERT_REQUIRE` without a verify function.
    case requireAnyClientCert = "RequireAnyClientCert"
    /// `GNUTLS_CERT_REQUEST` with a verify function that lets no certificate pass.
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    /// `GNUTLS_CERT_REQUIRE` with a verify function.
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// Whether a certificate that is presented has to verify.
    var verifies: Bool {
        switch self {
        case .noClientCert, .requestClientCert, .requireAnyClientCert: false
        case .verifyClientCertIfGiven, .requireAndVerifyClientCert: true
        }
    }

    /// The demand on the presence of a certificate that GnuTLS is given.
    var request: gnutls_certificate_request_t {
        switch self {
        case .noClientCert: GNUTLS_CERT_IGNORE
        case .requestClientCert, .verifyClientCertIfGiven: GNUTLS_CERT_REQUEST
        case .requireAnyClientCert, .requireAndVerifyClientCert: GNUTLS_CERT_REQUIRE
        }
    }
}

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

/// Which certificates of a chain are looked up in the CRLs.
///
/// GnuTLS looks up each certificate of the chain whose issuer has a CRL loaded, and has no switch for the leaf alone;
/// so ``leaf`` acts as ``chain``. A certificate whose issuer has no CRL passes. GnuTLS checks neither the signature
/// nor the dates of a CRL that a credentials object holds, and keeps one CRL (the newest) for each issuer name.
package enum GnuTLSRevocation: Sendable, CaseIterable {
    /// The CRLs are not loaded.
    case off
    /// Acts as ``chain``.
    case leaf
    /// Each certificate of the chain is looked up.
    case chain
}

/// A credential that a side presents: a chain and a private key, possibly broken on purpose.
package struct GnuTLSCredential: Sendable, Equatable {
    /// Certificates in DER, the leaf first; each is sent as it stands.
    package var chain: [[UInt8]]
    /// The private key: PKCS#8 in DER, unencrypted.
    package var privateKey: [UInt8]
    /// A defect to present, or nil for a sound credential.
    package var fault: GnuTLSCredentialFault?

    /// Makes a credential; it is looked at when a server or client is made with it.
    package init(chain: [[UInt8]], privateKey: [UInt8], fault: GnuTLSCredentialFault? = nil) {
        self.chain = chain
        self.privateKey = privateKey
        self.fault = fault
    }
}

/// A defect of a credential that GnuTLS would refuse to load, or could not have by itself.
package enum GnuTLSCredentialFault: Sendable, Equatable {
    /// The key does not belong to the leaf; it is used all the same.
    case mismatchedKey
    /// The key belongs to the leaf, but one bit of each signature is flipped on its way out: of CertificateVerify,
    /// and in TLS 1.2 of ServerKeyExchange.
    case corruptSignature
}

/// The name that a client verifies, as GnuTLS wants it: a DNS name, or the 4 or 16 bytes of an address.
enum PeerName: Equatable {
    case dns(String)
    case address([UInt8])

    /// Nil for an empty name, which verifies nothing.
    init?(_ name: String) {
        guard !name.isEmpty else { return nil }
        self = PeerName.address(in: name).map { .address($0) } ?? .dns(name)
    }

    /// The SNI for a name: RFC 6066 section 3 permits DNS names alone, so none for an address, with brackets or without.
    static func sni(for name: String) -> String? {
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        let bare = isBracketed ? String(name.dropFirst().dropLast()) : name
        return name.isEmpty || address(in: bare) != nil ? nil : name
    }

    /// The bytes of an IPv4 or IPv6 literal; nil for anything else.
    private static func address(in text: String) -> [UInt8]? {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
