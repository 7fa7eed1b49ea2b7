/// What a server asks of its clients' certificates: the five modes of Go's crypto/tls, by Go's names.
public enum ClientAuth: String, CaseIterable, Sendable, Hashable, Codable {
    /// No certificate is asked for, and none is ever received.
    case noClientCert = "NoClientCert"
    /// One is asked for and not required; whatever comes is **not verified**.
    case requestClientCert = "RequestClientCert"
    /// One is required; whatever comes is **not verified**. Good for pinning by the application.
    case requireAnyClientCert = "RequireAnyClientCert"
    /// One is asked for and not required; if one comes, it must verify.
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    /// One is required, and it must verify: mutual TLS as most people mean it.
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// Whether the server sends a CertificateRequest.
    public var requestsCertificate: Bool { self != .noClientCert }

    /// Whether a client without a certificate is refused.
    public var requiresCertificate: Bool {
        self == .requireAnyClientCert || self == .requireAndVerifyClientCert
    }

    /// Whether a certificate that a client sends must verify.
    public var verifiesCertificate: Bool {
        self == .verifyClientCertIfGiven || self == .requireAndVerifyClientCert
    }
}
