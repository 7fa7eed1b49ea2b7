/// The kind of a difference from the rules, by its consequence.
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

/// The answer of a stack that answers a rule otherwise.
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
    /// The answer and class of a stack that answers the rule otherwise; a profile may state no others.
    package var counterfactual: (answer: Answer, class: DifferenceClass) {
        switch self {
        case .pathExpired, .pathNotYetValid, .pathIssuerExpired, .pathAnchorExpired, .pathIssuerNotCA,
            .pathAnchorNotCA, .pathAnchorWithoutConstraints, .pathConstrainedWildcard, .pathConstrainedMalformed,
            .pathConstrainedURI, .pathConstrainedDirectory, .pathWeakDigest, .pathLength, .pathNameConstraints,
            .pathCriticalExtension, .pathUnknownAuthority,
            .pathSelfSigned, .pathEmptyPool, .pathSignature, .pathImpostor, .pathSentRoot, .pathIssuerKeyUsage,
            .pathConstrainedAddress, .pathConstrainedMailbox, .pathIssuerCriticalExtension, .clientHeedsRefusal,
            .purposeMismatch, .purposeNested, .revocationRevoked,
            .revocationUnknown, .revocationStale, .revocationIntermediate, .nameMismatch,
            .namePartialWildcard, .nameInnerWildcard, .nameNoCommonNameBesideNames, .nameAddressMismatch,
            .clientRequireAnyMissing,
            .clientVerifyIfGivenVerifies, .clientRequireAndVerifyMissing, .clientRequireAndVerifyVerifies,
            .possession, .sniStrict, .configurationServerName, .rotationNewConnections, .rotationLivePools,
            .rotationRestart, .clockAdvances, .resumptionOff, .resumptionLifetime, .resumptionRestart,
            .resumptionClientAuthPolicy, .resumptionClientCAs, .resumptionServerIdentity,
            .resumptionClientIdentity, .resumptionRootCAs, .resumptionServerName, .resumptionSNI,
            .resumptionExpired, .resumptionRevoked, .resumptionRefusedClient:
            (.accepts, .hole)
        // Mutual authentication that is set up and doesn't take place.
        case .clientPresents, .clientPresentsChain, .serverSpeaksTLS, .serverVerifiedFirst, .clientRequested,
            .clientRequestedWithoutName, .clientRequestedByUnknownName, .clientRequestedBySpelling,
            .clientRequestedByHost, .clientRequestedInPieces:
            (.differs, .hole)
        // Neither Go nor GnuTLS takes a common name for a host, so nobody gets in by it.
        case .pathConstrainedCommonName: (.accepts, .limit)
        // RFC 8446 section 4.4.2.4 says MUST of MD5, and RECOMMENDED of SHA-1, which BoringSSL takes.
        case .pathSHA1: (.accepts, .limit)
        // By the letter of RFC 9525 section 6.3 a wildcard alone matches a name of one label, as Go took it.
        case .nameBareWildcard: (.accepts, .limit)
        // RFC 6125 let a client fall back to the common name where there is no DNS name, RFC 9525 no longer does; and it
        // leaves open how many labels follow a wildcard. RFC 8446 section 4.6.1 says SHOULD of the name of a session.
        case .nameNoCommonNameAddress, .nameNoCommonName, .nameNoCommonNameBesideOthers, .nameTopLevelWildcard,
            .resumptionOfferedName:
            (.accepts, .limit)
        case .pathValid, .pathPinnedSelfSigned, .pathPinnedLeaf, .pathPinnedLeafWithIssuers,
            .pathTrustedIntermediate, .pathLooksOn, .pathOrder, .pathConstraintsKnown,
            .pathDirectoryConstraintsKnown, .pathVersion1,
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

/// A rule and the side that it is asked at.
package struct SidedRule: Hashable, Sendable {
    package var rule: Rule
    package var side: Side

    package init(_ rule: Rule, _ side: Side) {
        self.rule = rule
        self.side = side
    }
}

/// An entry of a side's profile that took part in an outcome: a rule's id, `alert/DEFECT`, `reason/DEFECT`,
/// `refuses-with` or `plaintext-alerts`.
package struct ProfileUse: Hashable, Comparable, Sendable {
    package var side: Side
    package var key: String

    package init(side: Side, key: String) {
        self.side = side
        self.key = key
    }

    package static func < (lhs: ProfileUse, rhs: ProfileUse) -> Bool {
        (lhs.side.rawValue, lhs.key) < (rhs.side.rawValue, rhs.key)
    }
}

extension SidedRule: Comparable {
    /// In the order in which rules are declared.
    package static func < (lhs: SidedRule, rhs: SidedRule) -> Bool {
        (lhs.rule.order, lhs.side.rawValue) < (rhs.rule.order, rhs.side.rawValue)
    }
}

extension Rule {
    private static let orders = Dictionary(
        uniqueKeysWithValues: Rule.allCases.enumerated().map { ($0.element, $0.offset) }
    )

    /// The place among all rules.
    package var order: Int { Self.orders[self] ?? 0 }
}
