internal import OpenSSL

/// Why a peer's certificates were refused, by which of them.
struct PeerRefusal {
    enum Reason {
        case unknownAuthority
        case invalidAuthority
        case pathLength
        case expired
        case notYetValid
        case revoked
        case noRevocationInformation
        case purpose
        case keyUsage
        case nameMismatch
        case criticalExtension
        case nameConstraint
        case keyTooSmall
        case badCertificate
        case internalFault
    }

    let reason: Reason
    /// What was expected and found, or OpenSSL's sentence.
    let detail: String
    let certificate: Certificate?
    /// Where the certificate stands in the chain; 0 is the leaf.
    let depth: Int
    /// The time that was compared with, if it mattered.
    let time: Timestamp?
}

extension PeerRefusal.Reason {
    /// Reads a code of OpenSSL; codes that are not listed are a certificate that is bad in some other way.
    init(_ error: VerificationError) {
        self =
            switch error {
            case .unableToGetIssuer, .unableToGetLocalIssuer, .unableToVerifyLeafSignature, .selfSignedLeaf,
                .selfSignedInChain, .signatureFailure, .untrusted:
                .unknownAuthority
            case .invalidAuthority, .chainTooLong, .keyUsageWithoutCertSign: .invalidAuthority
            case .pathLengthExceeded: .pathLength
            case .hasExpired: .expired
            case .notYetValid: .notYetValid
            case .revoked: .revoked
            case .noRevocationList, .noRevocationListIssuer, .revocationListSignature, .revocationListNotYetValid,
                .revocationListExpired, .revocationListKeyUsage, .revocationListScope, .revocationListExtension:
                .noRevocationInformation
            case .invalidPurpose: .purpose
            case .hostMismatch, .addressMismatch: .nameMismatch
            case .criticalExtension: .criticalExtension
            case .permittedViolation, .excludedViolation, .subtreeMinMax, .constraintType, .constraintSyntax,
                .nameSyntax:
                .nameConstraint
            case .leafKeyTooSmall, .authorityKeyTooSmall, .digestTooWeak: .keyTooSmall
            case .outOfMemory: .internalFault
            default: .badCertificate
            }
    }

    /// The code that makes libssl send the alert that Go's crypto/tls sends for this reason.
    ///
    /// libssl derives alerts from codes: 45 from "has expired", 42 from "rejected", 48 from "no issuer", 44 from
    /// "revoked", and 46 from any code that its table doesn't list.
    var alertSource: VerificationError {
        switch self {
        case .unknownAuthority, .invalidAuthority: .unableToGetLocalIssuer
        case .expired, .notYetValid: .hasExpired
        case .revoked: .revoked
        case .noRevocationInformation: .revocationListExtension
        case .pathLength, .purpose, .keyUsage, .nameMismatch, .criticalExtension, .nameConstraint, .keyTooSmall,
            .badCertificate:
            .rejected
        // libssl says internal_error (80) for it.
        case .internalFault: .outOfMemory
        }
    }
}
