internal import ConformanceModel

/// One thing that is wrong with what a side presents.
struct Defect: Hashable {
    /// The class of a defect, in the words that observations use.
    enum Reason: String {
        case unknownAuthority = "unknown-ca"
        case expired
        case notYetValid = "not-yet-valid"
        case pathLength = "path-length"
        case nameConstraint = "name-constraint"
        case unknownCriticalExtension = "unknown-critical-extension"
        case wrongPurpose = "wrong-purpose"
        case revoked
        case revocationUnknown = "revocation-unknown"
        case nameMismatch = "name-mismatch"
        case badSignature = "bad-signature"
        case noCertificate = "no-certificate"
        case unrecognizedName = "unrecognized-name"

        /// The alerts that RFC 8446 section 6.2 gives the defect, in Go's choice where the RFC leaves one.
        ///
        /// A missing certificate is the one defect whose alert depends on the version: certificate_required is new
        /// in TLS 1.3, and RFC 5246 section 7.4.6 asks for handshake_failure.
        func alerts(in version: ProtocolVersion) -> Set<AlertDescription> {
            switch self {
            case .unknownAuthority: [.unknownCA]
            case .expired, .notYetValid: [.certificateExpired]
            case .pathLength, .nameConstraint, .unknownCriticalExtension, .wrongPurpose, .nameMismatch:
                [.badCertificate]
            case .revoked: [.certificateRevoked]
            // RFC 8446 names no alert for an unknown status; certificate_unknown is "some other issue".
            case .revocationUnknown: [.certificateUnknown]
            case .badSignature: [.decryptError]
            case .noCertificate: version == .tls13 ? [.certificateRequired] : [.handshakeFailure]
            case .unrecognizedName: [.unrecognizedName]
            }
        }
    }

    var reason: Reason
    /// Whether a mutated oracle asks for an alert that no stack sends for it.
    var hasWrongAlert = false

    func alerts(in version: ProtocolVersion) -> Set<AlertDescription> {
        hasWrongAlert ? [.unexpectedMessage] : reason.alerts(in: version)
    }
}
