internal import ConformanceModel

/// One thing that is wrong with what a side presents.
struct Defect: Hashable, Sendable {
    typealias Reason = DefectReason

    /// The rule that found it.
    var rule: Rule
    var reason: Reason
    /// The alert of this defect, where it is another than that of its class.
    var alert: AlertDescription?
    /// Whether a mutated oracle asks for an alert that no stack sends for it.
    var hasWrongAlert = false

    func defaultAlerts(in version: ProtocolVersion) -> Set<AlertDescription> {
        alert.map { [$0] } ?? reason.alerts(in: version)
    }
}

extension DefectReason {
    /// The alerts that RFC 8446 section 6.2 gives the defect, in Go's choice where the RFC leaves one.
    ///
    /// A missing certificate is the one defect whose alert depends on the version: certificate_required is new
    /// in TLS 1.3, and RFC 5246 section 7.4.6 asks for handshake_failure.
    func alerts(in version: ProtocolVersion) -> Set<AlertDescription> {
        switch self {
        case .unknownAuthority: [.unknownCA]
        case .expired, .notYetValid: [.certificateExpired]
        case .pathLength, .nameConstraint, .unknownCriticalExtension, .wrongPurpose, .nameMismatch, .keyUsage,
            .weakKey:
            [.badCertificate]
        case .revoked: [.certificateRevoked]
        // RFC 8446 names no alert for an unknown status; certificate_unknown is "some other issue".
        case .revocationUnknown: [.certificateUnknown]
        case .badSignature: [.decryptError]
        case .noCertificate: version == .tls13 ? [.certificateRequired] : [.handshakeFailure]
        case .unrecognizedName: [.unrecognizedName]
        case .protocol: [.handshakeFailure]
        }
    }
}
