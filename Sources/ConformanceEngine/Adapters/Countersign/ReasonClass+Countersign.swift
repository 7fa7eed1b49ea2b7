internal import MutualTLS

extension ReasonClass {
    /// The class of a failure on the wire.
    init(_ reason: ConnectionFailure.Reason) {
        self =
            switch reason {
            case .unknownAuthority, .invalidAuthority: .unknownCA
            case .pathLength: .pathLength
            case .expired: .expired
            case .notYetValid: .notYetValid
            case .revoked: .revoked
            case .noRevocationInformation: .revocationUnknown
            case .purpose: .wrongPurpose
            case .keyUsage: .keyUsage
            case .nameMismatch: .nameMismatch
            case .criticalExtension: .unknownCriticalExtension
            case .nameConstraint: .nameConstraint
            case .keyTooSmall: .weakKey
            case .noCertificate: .noCertificate
            case .badSignature: .badSignature
            case .unrecognizedName: .unrecognizedName
            case .noCommonParameters, .protocolError, .notTLS: .protocol
            case .peerAlert: .peerAlert
            case .truncated: .prematureEnd
            case .badCertificate, .configuration, .internalFault, .timedOut, .transport: .other
            }
    }

    /// The class of settings that the library refused.
    init(_ error: MutualTLSError) {
        self =
            switch error.code {
            case .missingClientCAs: .noClientCAs
            case .missingRootCAs: .noRootCAs
            case .missingServerName: .noServerName
            case .invalidServerName: .invalidServerName
            case .mismatchedKey: .mismatchedKey
            case .missingIdentity, .emptyChain: .noIdentity
            case .unusableIdentity: .weakKey
            case .undecodableCertificate, .undecodableKey, .undecodableRevocationList: .undecodable
            default: .other
            }
    }
}
