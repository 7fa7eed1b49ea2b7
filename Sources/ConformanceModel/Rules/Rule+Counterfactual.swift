/// What a difference from the rules is, for its reader.
package enum DifferenceClass: String, Hashable, CaseIterable, Comparable, Codable, Sendable {
    /// Lets in, keeps in, or calls verified, what must not be.
    case hole
    /// Refuses what the rules permit.
    case stricter
    /// Another alert, phase or notation for the same decision.
    case wording
    /// Something that can't be set, or that can't be told.
    case limit

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package static func < (lhs: DifferenceClass, rhs: DifferenceClass) -> Bool { lhs.order < rhs.order }
}

/// What a stack does that answers a rule otherwise.
package enum Answer: String, Hashable, CaseIterable, Codable, Sendable {
    /// Where the rule refuses or declines.
    case accepts
    /// Where the rule permits.
    case refuses
    /// Where the rule says how it is done.
    case differs

    /// Both, from case to case.
    case varies
}

extension Rule {
    /// What it is to answer the rule otherwise; a profile may call it nothing else.
    package var counterfactual: (answer: Answer, class: DifferenceClass) {
        switch self {
        case .pathExpired, .pathNotYetValid, .pathIssuerExpired, .pathAnchorExpired, .pathIssuerNotCA,
            .pathAnchorNotCA, .pathAnchorWithoutConstraints, .pathConstrainedWildcard, .pathConstrainedMalformed,
            .pathConstrainedURI, .pathLength, .pathNameConstraints, .pathCriticalExtension, .pathUnknownAuthority,
            .pathSelfSigned, .pathEmptyPool, .pathSignature, .pathImpostor, .pathSentRoot, .pathIssuerKeyUsage,
            .pathConstrainedAddress, .pathConstrainedMailbox, .pathIssuerCriticalExtension, .clientHeedsRefusal,
            .purposeMismatch, .purposeNested, .revocationRevoked,
            .revocationUnknown, .revocationStale, .revocationIntermediate, .nameMismatch, .nameBareWildcard,
            .namePartialWildcard, .nameInnerWildcard, .nameNoCommonNameBesideNames, .nameAddressMismatch,
            .clientRequireAnyMissing,
            .clientVerifyIfGivenVerifies, .clientRequireAndVerifyMissing, .clientRequireAndVerifyVerifies,
            .possession, .sniStrict, .configurationServerName, .rotationNewConnections, .rotationLivePools,
            .rotationRestart, .clockAdvances, .resumptionOff, .resumptionLifetime, .resumptionRestart,
            .resumptionClientAuthPolicy, .resumptionClientCAs, .resumptionServerIdentity,
            .resumptionClientIdentity, .resumptionRootCAs, .resumptionServerName, .resumptionSNI,
            .resumptionExpired, .resumptionRevoked:
            (.accepts, .hole)
        // Mutual authentication that is set up and doesn't take place.
        case .clientPresents, .clientPresentsChain, .serverSpeaksTLS: (.differs, .hole)
        // Neither Go nor GnuTLS takes a common name for a host, so nobody gets in by it.
        case .pathConstrainedCommonName: (.accepts, .limit)
        // RFC 6125 let a client fall back to the common name where there is no DNS name, RFC 9525 no longer does; and it
        // leaves open how many labels follow a wildcard. RFC 8446 section 4.6.1 says SHOULD of the name of a session.
        case .nameNoCommonNameAddress, .nameNoCommonName, .nameNoCommonNameBesideOthers, .nameTopLevelWildcard,
            .resumptionOfferedName:
            (.accepts, .limit)
        case .pathValid, .pathPinnedSelfSigned, .pathPinnedLeaf, .pathPinnedLeafWithIssuers,
            .pathTrustedIntermediate, .pathLooksOn, .pathOrder, .pathConstraintsKnown, .pathVersion1,
            .pathAuthorityAsLeaf, .purposeAbsent, .purposeAny, .purposeAnyIssuer, .keyUsageUnchecked,
            .keyAgreementUnchecked, .keyUsageInHandshake, .keySizeUnchecked, .keyEncipherment, .keyP521Verified,
            .keyP521Authority, .keyPSSAuthority, .certificateExtensionRead, .certificateConstraintsRead,
            .revocationLeafAlone, .nameMatch, .nameWildcard, .nameTrailingDot, .nameBrackets, .nameAddress,
            .serverVerified, .serverSkipVerify, .clientRequestOptional, .clientRequestUnverified,
            .clientRequestDefective, .clientRequireAnyUnverified, .clientVerifyIfGivenOptional, .sniDefault,
            .sniAbsent, .sniReadsUnderscore, .sniReadsOtherCharacters, .sniReadsAddress,
            .sniReadsTrailingDot, .resumptionResumes, .configurationEmptyServerName, .configurationBrackets:
            (.refuses, .stricter)
        case .keyUsageLoaded, .keyUsageSelected, .keyUsageSigns, .keySizeLoaded, .keyP521Loaded, .keyP521Asked,
            .keyPSSLoaded, .keyPSSAsked, .keyOtherTypeAsked, .certificateExtensionLoaded,
            .certificateConstraintsLoaded, .acceptableCAsDerived, .sniSent, .sniResumed, .resumptionKeepsPeer,
            .configurationMatchingKey:
            (.differs, .limit)
        case .configurationClientCAs, .configurationRootCAs, .configurationInvalidServerName,
            .configurationUnicodeServerName, .configurationUnicodeUnconverted, .sniNoAddress,
            .sniNoBracketedAddress, .sniTrailingDot, .sniExact, .sniWildcard, .serverRejectedBeforeClient,
            .clientNotRequested, .clientRequestTells, .clientWithholds, .clientNoticesOnFirstRead,
            .clientNoticesInHandshake, .acceptableCAsOmitted, .pathMultipleDefects, .rotationServerSnapshot,
            .rotationClientSnapshot, .rotationExistingConnections, .rotationMismatchRefused,
            .rotationClientHelloComplete, .rotationFixedPools:
            (.differs, .wording)
        }
    }
}
