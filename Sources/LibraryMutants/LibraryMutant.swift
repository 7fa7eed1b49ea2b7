#if Selftest
package import MutualTLS

/// A defect of the library: one decision that is taken otherwise, to prove that the conformance cases notice.
///
/// Only a build with the package's trait Selftest has them. Most are wrong answers to what the library asks its
/// ``DecisionMaking``; a setting that is passed over is a wrong setting: see ``alter(_:)``.
package enum LibraryMutant: String, CaseIterable, Sendable {
    case treatNoClientCertAsRequest
    case treatRequestAsNoClientCert
    case treatRequireAnyAsRequireAndVerify
    case treatRequireAnyAsRequest
    case treatVerifyIfGivenAsRequest
    case treatVerifyIfGivenAsRequireAndVerify
    case treatRequireAndVerifyAsVerifyIfGiven
    case treatRequireAndVerifyAsRequireAny
    case treatNoClientCertAsRequireAny
    case treatNoClientCertAsVerifyIfGiven
    case treatNoClientCertAsRequireAndVerify
    case treatRequestAsRequireAny
    case treatRequestAsVerifyIfGiven
    case treatRequestAsRequireAndVerify
    case treatRequireAnyAsNoClientCert
    case treatRequireAnyAsVerifyIfGiven
    case treatVerifyIfGivenAsNoClientCert
    case treatVerifyIfGivenAsRequireAny
    case treatRequireAndVerifyAsNoClientCert
    case treatRequireAndVerifyAsRequest
    case acceptAnyCertificate
    case ignoreExpiry
    case ignoreExtendedKeyUsage
    case demandExtendedKeyUsage
    case refuseAnyExtendedKeyUsage
    case ignoreKeyUsage
    case refusePinnedLeaf
    case ignoreRevocation
    case omitCANames
    case withholdClientCertificate
    case ignoreSNI
    case ignoreStrictSNI
    case matchSNICaseSensitively
    case wildcardTooDeep
    case acceptCommonName
    case skipNameCheck
    case ignoreClientCAs
    case swapPools
    case swapPurposes
    case ignoreNotYetValid
    case ignoreIssuerThatIsNoCA
    case ignorePathLength
    case ignoreNameConstraints
    case ignoreCriticalExtension
    case acceptMissingRevocationList
    case acceptStaleRevocationList
    case acceptAddressInDNSName
    case omitSNI
    case presentRegardlessOfCANames
    case presentCurrentIdentity
    case withholdIntermediates
    case closeRotatedConnections
    case reportPreviousPeer
    case withholdAlert
    case oneAlertForAll
    case sendSNIForAddresses
    case ignoreRootCAs
    case ignoreRotation
    case reportCurrentIdentity
    case wrongAlert
    case reportVerifiedWithoutVerification
    case resumeAcrossPolicyChange
    case resumeAcrossPoolChange
    case resumeAcrossNames
    case resumeAcrossIdentityUpdate
    case resumeExpiredCertificate
    case resumeRevokedCertificate
    case ignoreTicketLifetime
    case keepSessionsAcrossIdentityUpdate
    case keepSessionsAcrossRootsChange
    case keepSessionsAcrossServerNames
    case forgetPeerOnResumption
    case reportVerifiedOnResumption
    /// The mode is no part of the scope, and nobody looks at a resumed handshake either.
    case skipResumptionInvariant
    case takeSnapshotAtStart
    case mixGenerations
    case acceptMismatchedKey
    case livePoolsAlthoughFixed
    case fixedPoolsAlthoughLive
}

extension ClientAuth {
    /// The mode that the mutant runs in place of this one.
    package func altered(by mutant: LibraryMutant) -> ClientAuth {
        switch (mutant, self) {
        case (.treatNoClientCertAsRequest, .noClientCert): .requestClientCert
        case (.treatRequestAsNoClientCert, .requestClientCert): .noClientCert
        case (.treatRequireAnyAsRequireAndVerify, .requireAnyClientCert): .requireAndVerifyClientCert
        case (.treatRequireAnyAsRequest, .requireAnyClientCert): .requestClientCert
        case (.treatVerifyIfGivenAsRequest, .verifyClientCertIfGiven): .requestClientCert
        case (.treatVerifyIfGivenAsRequireAndVerify, .verifyClientCertIfGiven): .requireAndVerifyClientCert
        case (.treatRequireAndVerifyAsVerifyIfGiven, .requireAndVerifyClientCert): .verifyClientCertIfGiven
        case (.treatRequireAndVerifyAsRequireAny, .requireAndVerifyClientCert): .requireAnyClientCert
        case (.treatNoClientCertAsRequireAny, .noClientCert): .requireAnyClientCert
        case (.treatNoClientCertAsVerifyIfGiven, .noClientCert): .verifyClientCertIfGiven
        case (.treatNoClientCertAsRequireAndVerify, .noClientCert): .requireAndVerifyClientCert
        case (.treatRequestAsRequireAny, .requestClientCert): .requireAnyClientCert
        case (.treatRequestAsVerifyIfGiven, .requestClientCert): .verifyClientCertIfGiven
        case (.treatRequestAsRequireAndVerify, .requestClientCert): .requireAndVerifyClientCert
        case (.treatRequireAnyAsNoClientCert, .requireAnyClientCert): .noClientCert
        case (.treatRequireAnyAsVerifyIfGiven, .requireAnyClientCert): .verifyClientCertIfGiven
        case (.treatVerifyIfGivenAsNoClientCert, .verifyClientCertIfGiven): .noClientCert
        case (.treatVerifyIfGivenAsRequireAny, .verifyClientCertIfGiven): .requireAnyClientCert
        case (.treatRequireAndVerifyAsNoClientCert, .requireAndVerifyClientCert): .noClientCert
        case (.treatRequireAndVerifyAsRequest, .requireAndVerifyClientCert): .requestClientCert
        default: self
        }
    }
}
#endif
