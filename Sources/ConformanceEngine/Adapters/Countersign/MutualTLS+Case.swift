internal import ConformanceModel
internal import MutualTLS

extension ClientAuth {
    init(_ mode: ClientAuthMode) {
        self =
            switch mode {
            case .noClientCert: .noClientCert
            case .requestClientCert: .requestClientCert
            case .requireAnyClientCert: .requireAnyClientCert
            case .verifyClientCertIfGiven: .verifyClientCertIfGiven
            case .requireAndVerifyClientCert: .requireAndVerifyClientCert
            }
    }
}

extension TLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension MutualTLS.PoolPolicy {
    init(_ policy: ConformanceModel.PoolPolicy) {
        self =
            switch policy {
            case .fixed: .fixedAtStart
            case .live: .live
            }
    }
}

extension RevocationPolicy {
    init(_ mode: RevocationMode, _ lists: RevocationListManager) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf(from: lists)
            case .chain: .chain(from: lists)
            }
    }
}

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

/// Does what the library may refuse while a side is set up; a refusal is an outcome of the case.
func settingUp<Value>(_ make: () throws(MutualTLSError) -> Value) throws(AdapterError) -> Value {
    do throws(MutualTLSError) {
        return try make()
    } catch {
        throw .configuration(ReasonClass(error), detail: "\(error)")
    }
}
