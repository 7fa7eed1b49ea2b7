/// A named sentence with a citation that decides an outcome.
///
/// A rule counts as hit by a case when it decided something about it, so a rule that no case hits is untested.
package enum Rule: String, CaseIterable, Sendable {
    case configurationClientCAs = "configuration/client-cas"
    case configurationRootCAs = "configuration/root-cas"
    case configurationServerName = "configuration/server-name"
    case configurationInvalidServerName = "configuration/invalid-server-name"
    case configurationUnicodeServerName = "configuration/unicode-server-name"
    case configurationUnicodeUnconverted = "configuration/unicode-unconverted"
    case configurationBrackets = "configuration/brackets"
    case configurationEmptyServerName = "configuration/empty-server-name"
    case configurationMatchingKey = "configuration/matching-key"

    case sniSent = "sni/sent"
    case sniNoAddress = "sni/no-address"
    case sniNoBracketedAddress = "sni/no-bracketed-address"
    case sniTrailingDot = "sni/trailing-dot"
    case sniReadsUnderscore = "sni/reads-underscore"
    case sniReadsOtherCharacters = "sni/reads-other-characters"
    case sniReadsAddress = "sni/reads-address"
    case sniReadsTrailingDot = "sni/reads-trailing-dot"
    case sniExact = "sni/exact"
    case sniWildcard = "sni/wildcard"
    case sniDefault = "sni/default"
    case sniStrict = "sni/strict"
    case sniAbsent = "sni/absent"
    case sniResumed = "sni/resumed"

    case serverVerified = "server-auth/verified"
    case serverSkipVerify = "server-auth/skip-verify"
    case serverRejectedBeforeClient = "server-auth/rejected-before-client"
    case serverSpeaksTLS = "server-auth/tls-alone"
    case serverVerifiedFirst = "server-auth/verified-first"

    case nameMatch = "name/dns-match"
    case nameMismatch = "name/mismatch"
    case nameWildcard = "name/wildcard"
    case nameBareWildcard = "name/bare-wildcard"
    case nameTopLevelWildcard = "name/top-level-wildcard"
    case namePartialWildcard = "name/partial-wildcard"
    case nameInnerWildcard = "name/inner-wildcard"
    case nameTrailingDot = "name/trailing-dot"
    case nameBrackets = "name/brackets"
    case nameNoCommonName = "name/no-common-name"
    case nameNoCommonNameBesideOthers = "name/no-common-name-beside-others"
    case nameNoCommonNameBesideNames = "name/no-common-name-beside-names"
    case nameNoCommonNameAddress = "name/no-common-name-as-address"
    case nameAddress = "name/address"
    case nameAddressMismatch = "name/address-mismatch"

    case clientNotRequested = "client-auth/not-requested"
    case clientRequested = "client-auth/requested"
    case clientRequestedWithoutName = "client-auth/requested-without-name"
    case clientRequestedByUnknownName = "client-auth/requested-by-unknown-name"
    case clientRequestedBySpelling = "client-auth/requested-by-spelling"
    case clientRequestedByHost = "client-auth/requested-by-host"
    case clientRequestedInPieces = "client-auth/requested-in-pieces"
    case clientRequestOptional = "client-auth/request-optional"
    case clientRequestUnverified = "client-auth/request-unverified"
    case clientRequestDefective = "client-auth/request-defective"
    case clientRequestTells = "client-auth/request-tells-nothing"
    case clientRequireAnyMissing = "client-auth/require-any-missing"
    case clientRequireAnyUnverified = "client-auth/require-any-unverified"
    case clientVerifyIfGivenOptional = "client-auth/verify-if-given-optional"
    case clientVerifyIfGivenVerifies = "client-auth/verify-if-given-verifies"
    case clientRequireAndVerifyMissing = "client-auth/require-and-verify-missing"
    case clientRequireAndVerifyVerifies = "client-auth/require-and-verify-verifies"
    case clientPresents = "client-auth/presents"
    case clientPresentsChain = "client-auth/presents-chain"
    case clientHeedsRefusal = "client-auth/heeds-refusal"
    case clientWithholds = "client-auth/withholds"
    case clientNoticesOnFirstRead = "client-auth/noticed-on-first-read"
    case clientNoticesInHandshake = "client-auth/noticed-in-handshake"
    case acceptableCAsDerived = "client-auth/ca-names-derived"
    case acceptableCAsOmitted = "client-auth/ca-names-omitted"
    case possession = "client-auth/proof-of-possession"

    case pathUnknownAuthority = "path/unknown-authority"
    case pathEmptyPool = "path/empty-pool"
    case pathSelfSigned = "path/self-signed"
    case pathSignature = "path/signature"
    case pathImpostor = "path/impostor"
    case pathSentRoot = "path/sent-root"
    case pathPinnedSelfSigned = "path/pinned-self-signed"
    case pathPinnedLeaf = "path/pinned-leaf"
    case pathPinnedLeafWithIssuers = "path/pinned-leaf-with-issuers"
    case pathTrustedIntermediate = "path/trusted-intermediate"
    case pathLooksOn = "path/looks-on"
    case pathOrder = "path/order"
    case pathValid = "path/valid"
    case pathExpired = "path/expired"
    case pathNotYetValid = "path/not-yet-valid"
    case pathIssuerExpired = "path/issuer-expired"
    case pathAnchorExpired = "path/anchor-expired"
    case pathIssuerNotCA = "path/issuer-not-ca"
    case pathIssuerKeyUsage = "path/issuer-key-usage"
    case pathAnchorNotCA = "path/anchor-not-ca"
    case pathAnchorWithoutConstraints = "path/anchor-without-basic-constraints"
    case pathLength = "path/length"
    case pathNameConstraints = "path/name-constraints"
    case pathConstrainedWildcard = "path/constrained-wildcard"
    case pathConstrainedMalformed = "path/constrained-malformed-name"
    case pathConstrainedAddress = "path/constrained-address"
    case pathConstrainedMailbox = "path/constrained-mailbox"
    case pathConstrainedURI = "path/constrained-uri"
    case pathConstrainedDirectory = "path/constrained-directory"
    case pathConstrainedCommonName = "path/constrained-common-name"
    case pathWeakDigest = "path/weak-digest"
    case pathSHA1 = "path/sha1"
    case pathConstraintsKnown = "path/name-constraints-known"
    case pathDirectoryConstraintsKnown = "path/directory-constraints-known"
    case pathCriticalExtension = "path/unknown-critical-extension"
    case pathIssuerCriticalExtension = "path/issuer-critical-extension"
    case pathVersion1 = "path/version-1"
    case pathAuthorityAsLeaf = "path/authority-as-leaf"
    case pathMultipleDefects = "path/multiple-defects"

    case purposeMismatch = "purpose/mismatch"
    case purposeAbsent = "purpose/absent"
    case purposeAny = "purpose/any"
    case purposeAnyIssuer = "purpose/any-issuer"
    case purposeNested = "purpose/nested"

    case keyUsageUnchecked = "key/usage-unchecked"
    case keyAgreementUnchecked = "key/agreement-unchecked"
    case keyUsageInHandshake = "key/usage-in-handshake"
    case keyUsageLoaded = "key/usage-loaded"
    case keyUsageSelected = "key/usage-selected"
    case keyUsageSigns = "key/usage-signs"
    case keyEncipherment = "key/encipherment"
    case keySizeUnchecked = "key/size-unchecked"
    case keySizeLoaded = "key/size-loaded"
    case keyP521Loaded = "key/p521-loaded"
    case keyP521Asked = "key/p521-asked"
    case keyP521Verified = "key/p521-verified"
    case keyP521Authority = "key/p521-authority"
    case keyPSSLoaded = "key/rsa-pss-loaded"
    case keyPSSAsked = "key/rsa-pss-asked"
    case keyPSSAuthority = "key/rsa-pss-authority"
    case keyOtherTypeAsked = "key/other-type-asked"

    case certificateExtensionRead = "certificate/critical-extension-read"
    case certificateExtensionLoaded = "certificate/critical-extension-loaded"
    case certificateConstraintsRead = "certificate/name-constraints-read"
    case certificateConstraintsLoaded = "certificate/name-constraints-loaded"

    case revocationRevoked = "revocation/revoked"
    case revocationUnknown = "revocation/unknown"
    case revocationStale = "revocation/stale"
    case revocationIntermediate = "revocation/intermediate"
    case revocationLeafAlone = "revocation/leaf-alone"

    case rotationNewConnections = "rotation/new-connections"
    case rotationServerSnapshot = "rotation/server-snapshot"
    case rotationClientSnapshot = "rotation/client-snapshot"
    case rotationExistingConnections = "rotation/existing-connections"
    case rotationMismatchRefused = "rotation/mismatch-refused"
    case rotationClientHelloComplete = "rotation/client-hello-complete"
    case rotationFixedPools = "rotation/fixed-pools"
    case rotationLivePools = "rotation/live-pools"
    case rotationRestart = "rotation/restart"

    case clockAdvances = "clock/advances"

    case resumptionResumes = "resumption/resumes"
    case resumptionKeepsPeer = "resumption/keeps-peer"
    case resumptionOff = "resumption/off"
    case resumptionLifetime = "resumption/lifetime"
    case resumptionRestart = "resumption/restart"
    case resumptionClientAuthPolicy = "resumption/client-auth-policy"
    case resumptionClientCAs = "resumption/client-cas"
    case resumptionServerIdentity = "resumption/server-identity"
    case resumptionClientIdentity = "resumption/client-identity"
    case resumptionRootCAs = "resumption/root-cas"
    case resumptionServerName = "resumption/server-name"
    case resumptionOfferedName = "resumption/offered-name"
    case resumptionSNI = "resumption/sni"
    case resumptionExpired = "resumption/expired"
    case resumptionRevoked = "resumption/revoked"
    case resumptionRefusedClient = "resumption/refused-client"
}

/// A rule of the oracle as reports show it.
package struct RuleDescription: Hashable, Codable, Sendable {
    /// For example `path/expired`.
    package var id: String
    package var sentence: String
    /// RFC section, documentation or CVE.
    package var citation: String

    package init(id: String, sentence: String, citation: String) {
        self.id = id
        self.sentence = sentence
        self.citation = citation
    }
}

extension Rule {
    /// A sentence and its citation.
    struct Text {
        let sentence: String
        let citation: String

        init(_ sentence: String, _ citation: String) {
            self.sentence = sentence
            self.citation = citation
        }
    }

    /// The rule as reports show it.
    package var description: RuleDescription {
        guard let text = Self.handshakeText[self] ?? Self.pathsText[self] ?? Self.timelineText[self] else {
            preconditionFailure("the rule \(rawValue) has no sentence")
        }
        return RuleDescription(id: rawValue, sentence: text.sentence, citation: text.citation)
    }
}
