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

/// Where a handshake stands when a step happens, in the order in which a connection passes them.
package enum Phase: String, Hashable, CaseIterable, Codable, Sendable {
    /// Both ends exist, and no byte has moved.
    case beforeClientHello = "before-client-hello"
    /// The server has the first byte of the ClientHello and no more.
    case clientHelloFirstByte = "client-hello-first-byte"
    /// The server has the ClientHello but for its last byte.
    case clientHelloAllButLastByte = "client-hello-all-but-last-byte"
    /// The server has read the whole ClientHello and answered; its flight has not been delivered.
    case clientHelloProcessed = "client-hello-processed"
    /// The client has read the server's flight and answered; its flight has not been delivered.
    case clientFlightSent = "client-flight-sent"
    /// The server has read the client's flight; what it answered, if anything, has not been delivered.
    case clientFlightProcessed = "client-flight-processed"
    /// Both ends have finished the handshake.
    case established
    /// Both ends have closed.
    case closed
}

/// Where a side noticed that a connection failed.
package enum NoticePoint: String, Hashable, Comparable, Codable, Sendable {
    /// Its own settings were refused before any byte.
    case configuration
    /// In the handshake, by its own check or by an alert that it received.
    case handshake
    /// After its handshake had succeeded, on the first read (a TLS 1.3 client whose certificate is refused).
    case firstRead = "first-read"

    package static func < (lhs: NoticePoint, rhs: NoticePoint) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}
