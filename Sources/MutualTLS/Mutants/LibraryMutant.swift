/// A defect that can be switched on to prove that a conformance harness notices it.
///
/// Never part of the public API: each changes one decision, at the place where the library takes it.
package enum LibraryMutant: String, CaseIterable, Sendable {
    case treatNoClientCertAsRequest
    case treatRequestAsNoClientCert
    case treatRequireAnyAsRequireAndVerify
    case treatRequireAnyAsRequest
    case treatVerifyIfGivenAsRequest
    case treatVerifyIfGivenAsRequireAndVerify
    case treatRequireAndVerifyAsVerifyIfGiven
    case treatRequireAndVerifyAsRequireAny
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
    case livePoolsAlthoughFixed
    case fixedPoolsAlthoughLive
}

extension ClientAuth {
    /// The mode that is really run, which only a mutant makes another one.
    func altered(by mutant: LibraryMutant?) -> ClientAuth {
        switch (mutant, self) {
        case (.treatNoClientCertAsRequest, .noClientCert): .requestClientCert
        case (.treatRequestAsNoClientCert, .requestClientCert): .noClientCert
        case (.treatRequireAnyAsRequireAndVerify, .requireAnyClientCert): .requireAndVerifyClientCert
        case (.treatRequireAnyAsRequest, .requireAnyClientCert): .requestClientCert
        case (.treatVerifyIfGivenAsRequest, .verifyClientCertIfGiven): .requestClientCert
        case (.treatVerifyIfGivenAsRequireAndVerify, .verifyClientCertIfGiven): .requireAndVerifyClientCert
        case (.treatRequireAndVerifyAsVerifyIfGiven, .requireAndVerifyClientCert): .verifyClientCertIfGiven
        case (.treatRequireAndVerifyAsRequireAny, .requireAndVerifyClientCert): .requireAnyClientCert
        default: self
        }
    }
}
