/// How a server asks for and judges client certificates, in the words of Go's `crypto/tls.ClientAuthType`.
///
/// The judge has its own type on purpose: it shares none with the library that it judges.
package enum ClientAuthMode: String, Hashable, CaseIterable, Codable, Sendable {
    case noClientCert = "NoClientCert"
    case requestClientCert = "RequestClientCert"
    case requireAnyClientCert = "RequireAnyClientCert"
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// The short form that stands in case ids, for example `RequireAndVerify`.
    package var idComponent: String {
        switch self {
        case .noClientCert: "NoClientCert"
        case .requestClientCert: "Request"
        case .requireAnyClientCert: "RequireAny"
        case .verifyClientCertIfGiven: "VerifyIfGiven"
        case .requireAndVerifyClientCert: "RequireAndVerify"
        }
    }

    /// Whether the server sends a CertificateRequest.
    package var requestsCertificate: Bool { self != .noClientCert }
    /// Whether a client without a certificate is refused.
    package var requiresCertificate: Bool { self == .requireAnyClientCert || self == .requireAndVerifyClientCert }
    /// Whether a certificate that was presented must chain to ClientCAs.
    package var verifiesCertificate: Bool { self == .verifyClientCertIfGiven || self == .requireAndVerifyClientCert }
}
