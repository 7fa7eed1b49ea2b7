internal import ConformanceModel

#if Selftest
internal import LibraryMutants
internal import MutualTLS

/// The cases in which a defect of the library can show at all, as far as a case's settings and steps tell.
///
/// A defect of resumption can't show in a case that resumes nothing. Playing it there would cost most of a selftest, since
/// the defects that few cases notice are played the longest.
struct MutantReach {
    private let mutant: LibraryMutant

    init(_ mutant: LibraryMutant) {
        self.mutant = mutant
    }

    /// True where nothing rules the defect out.
    func includes(_ testCase: ConformanceCase) -> Bool {
        switch mutant {
        case .resumeAcrossPolicyChange, .resumeAcrossPoolChange, .resumeAcrossNames, .resumeAcrossIdentityUpdate,
            .resumeExpiredCertificate, .resumeRevokedCertificate, .ignoreTicketLifetime,
            .keepSessionsAcrossIdentityUpdate, .keepSessionsAcrossRootsChange, .keepSessionsAcrossServerNames,
            .forgetPeerOnResumption, .reportVerifiedOnResumption, .skipResumptionInvariant:
            testCase.steps.contains { if case .reconnect = $0 { true } else { false } }
        case .ignoreRotation, .closeRotatedConnections, .livePoolsAlthoughFixed, .fixedPoolsAlthoughLive,
            .takeSnapshotAtStart, .mixGenerations, .presentCurrentIdentity, .reportCurrentIdentity:
            // The last four put the default identity into the place of the one that a name chooses, too.
            !Self.rotations(of: testCase).isEmpty || !testCase.server.identitiesByName.isEmpty
        case .ignoreRevocation, .acceptMissingRevocationList, .acceptStaleRevocationList:
            testCase.server.revocation != .off || testCase.client.revocation != .off
        case .ignoreSNI, .ignoreStrictSNI, .matchSNICaseSensitively:
            testCase.server.strictSNI || !testCase.server.identitiesByName.isEmpty
        case .treatNoClientCertAsRequest, .treatRequestAsNoClientCert, .treatRequireAnyAsRequireAndVerify,
            .treatRequireAnyAsRequest, .treatVerifyIfGivenAsRequest, .treatVerifyIfGivenAsRequireAndVerify,
            .treatRequireAndVerifyAsVerifyIfGiven, .treatRequireAndVerifyAsRequireAny, .treatNoClientCertAsRequireAny,
            .treatNoClientCertAsVerifyIfGiven, .treatNoClientCertAsRequireAndVerify, .treatRequestAsRequireAny,
            .treatRequestAsVerifyIfGiven, .treatRequestAsRequireAndVerify, .treatRequireAnyAsNoClientCert,
            .treatRequireAnyAsVerifyIfGiven, .treatVerifyIfGivenAsNoClientCert, .treatVerifyIfGivenAsRequireAny,
            .treatRequireAndVerifyAsNoClientCert, .treatRequireAndVerifyAsRequest:
            testCase.pairing.server == .countersign
                && Self.modes(of: testCase).contains { $0.altered(by: mutant) != $0 }
        case .acceptAnyCertificate, .ignoreExpiry, .ignoreExtendedKeyUsage, .demandExtendedKeyUsage,
            .refuseAnyExtendedKeyUsage, .ignoreKeyUsage, .refusePinnedLeaf, .omitCANames, .withholdClientCertificate,
            .wildcardTooDeep, .acceptCommonName, .skipNameCheck, .ignoreClientCAs, .swapPools, .swapPurposes,
            .ignoreNotYetValid, .ignoreIssuerThatIsNoCA, .ignorePathLength, .ignoreNameConstraints,
            .ignoreCriticalExtension, .acceptAddressInDNSName, .omitSNI, .presentRegardlessOfCANames,
            .withholdIntermediates, .reportPreviousPeer, .withholdAlert, .oneAlertForAll, .sendSNIForAddresses,
            .ignoreRootCAs, .wrongAlert, .reportVerifiedWithoutVerification, .acceptMismatchedKey:
            true
        }
    }

    private static func rotations(of testCase: ConformanceCase) -> [Rotation] {
        testCase.steps.compactMap { if case .rotate(let rotation) = $0 { rotation } else { nil } }
    }

    /// The modes that the server runs in one after the other.
    private static func modes(of testCase: ConformanceCase) -> [ClientAuth] {
        let rotated = rotations(of: testCase).compactMap { rotation -> ClientAuthMode? in
            if case .clientAuth(let mode) = rotation.change { mode } else { nil }
        }
        let settings = [testCase.server] + (testCase.control.map { [$0.server] } ?? [])
        return (settings.map(\.clientAuth) + rotated).map(ClientAuth.init)
    }
}
#endif
