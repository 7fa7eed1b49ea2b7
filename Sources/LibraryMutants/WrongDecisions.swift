#if Selftest
internal import MutualTLS
internal import OpenSSL
internal import Synchronization

/// The library's decisions with one of them taken wrongly.
struct WrongDecisions: DecisionMaking {
    private let mutant: LibraryMutant
    private let standard = StandardDecisions()
    /// The memory of the mutants of one connection; nil in a server's or client's own settings.
    private let connection: MutatedConnection?
    /// The memory of the mutants of one server or client.
    private let previousPeer: PreviousPeer

    init(_ mutant: LibraryMutant) {
        self.mutant = mutant
        connection = nil
        previousPeer = PreviousPeer()
    }

    private init(_ decisions: WrongDecisions, presenting provider: (any IdentityProvider)?) {
        mutant = decisions.mutant
        previousPeer = decisions.previousPeer
        connection = MutatedConnection(presenting: provider)
    }

    func clientAuth(_ configured: ClientAuth) -> ClientAuth { configured.altered(by: mutant) }

    func nameToLookUp(_ sent: String?) -> DNSNameKey? {
        mutant == .matchSNICaseSensitively ? sent.map { DNSNameKey(verbatim: $0) } : standard.nameToLookUp(sent)
    }

    func verdict(
        _ found: PeerVerifier.Verdict,
        on presented: [Certificate],
        for purpose: Purpose,
        expecting name: ServerName?
    ) -> PeerVerifier.Verdict {
        switch found {
        case .refused(let refusal) where mutant.overlooks(refusal, of: presented, for: purpose, expecting: name):
            .verified(chain: Array(presented.prefix(1)))
        case .refused: found
        case .verified(let chain):
            mutant.objection(to: chain, for: purpose).map { .refused($0) } ?? found
        }
    }

    func alertSource(for reason: PeerRefusal.Reason) -> VerificationError {
        switch mutant {
        case .wrongAlert: .invalidPurpose
        case .oneAlertForAll: .rejected
        default: standard.alertSource(for: reason)
        }
    }

    var sendsAlerts: Bool { mutant != .withholdAlert }

    func bindsSessions(to setting: TrustSetting) -> Bool {
        switch (mutant, setting) {
        case (.resumeAcrossPolicyChange, .clientAuth), (.skipResumptionInvariant, .clientAuth),
            (.resumeAcrossPoolChange, .clientCAs), (.resumeAcrossPoolChange, .acceptableCANames),
            (.resumeAcrossNames, .serverName), (.resumeAcrossIdentityUpdate, .identity),
            (.resumeRevokedCertificate, .revocation), (.keepSessionsAcrossIdentityUpdate, .identity),
            (.keepSessionsAcrossRootsChange, .rootCAs), (.keepSessionsAcrossServerNames, .serverName):
            false
        default: standard.bindsSessions(to: setting)
        }
    }

    func sessionEnd(_ end: Timestamp) -> Timestamp {
        mutant == .resumeExpiredCertificate ? Timestamp(secondsSinceEpoch: .max) : standard.sessionEnd(end)
    }

    var checksResumedHandshakes: Bool { mutant != .skipResumptionInvariant }

    func forConnection(presenting provider: (any IdentityProvider)?) -> Decisions {
        WrongDecisions(self, presenting: provider)
    }

    func presented(_ identity: Identity) throws(MutualTLSError) -> Identity {
        switch mutant {
        case .withholdIntermediates:
            return try Identity(chain: [identity.certificate], privateKey: PrivateKey(identity.credential.key))
        case .presentCurrentIdentity: return connection?.provider?.identity ?? identity
        case .takeSnapshotAtStart: return connection?.early ?? identity
        case .mixGenerations:
            guard let early = connection?.early else { return identity }
            let chain = [early.certificate] + identity.chain.dropFirst()
            return try Identity(chain: chain, privateKey: PrivateKey(early.credential.key))
        default: return try standard.presented(identity)
        }
    }

    func endsEstablished(presenting identity: Identity?) -> Bool {
        guard mutant == .closeRotatedConnections, let identity, let provider = connection?.provider else {
            return standard.endsEstablished(presenting: identity)
        }
        return identity.certificate != provider.identity.certificate
    }

    func reported(_ information: ConnectionInformation) -> ConnectionInformation {
        var wrong = standard.reported(information)
        switch mutant {
        case .reportPreviousPeer:
            wrong.peerCertificates = connection?.previousPeer(of: wrong, previousPeer) ?? wrong.peerCertificates
        case .reportCurrentIdentity where wrong.localCertificate != nil:
            wrong.localCertificate = connection?.provider?.identity.certificate
        case .reportVerifiedWithoutVerification where !wrong.peerCertificates.isEmpty:
            wrong.isPeerVerified = true
        case .reportVerifiedOnResumption where wrong.didResume && !wrong.peerCertificates.isEmpty:
            wrong.isPeerVerified = true
        case .forgetPeerOnResumption where wrong.didResume:
            wrong.peerCertificates = []
            wrong.verifiedChain = []
            wrong.verifiedChainLength = 0
            wrong.isPeerVerified = false
        default: break
        }
        return wrong
    }
}

/// The knowledge of a mutant about the connection that it spoils.
private final class MutatedConnection: Sendable {
    let provider: (any IdentityProvider)?
    /// The identity of the moment when the connection was made.
    let early: Identity?
    /// The certificates that are reported in place of the peer's, once they were asked for.
    private let reported = Mutex<[Certificate]?>(nil)

    init(presenting provider: (any IdentityProvider)?) {
        self.provider = provider
        early = provider?.identity
    }

    /// The certificates of the peer before, the same at each call.
    func previousPeer(of information: ConnectionInformation, _ previous: PreviousPeer) -> [Certificate] {
        guard !information.peerCertificates.isEmpty else { return [] }
        return reported.withLock { reported in
            let certificates = reported ?? previous.replaced(by: information.peerCertificates)
            reported = certificates
            return certificates
        }
    }
}

/// The certificates that the peer of the connection before has shown.
private final class PreviousPeer: Sendable {
    private let certificates = Mutex<[Certificate]>([])

    /// Keeps these, and gives those of before; these again if there are none.
    func replaced(by presented: [Certificate]) -> [Certificate] {
        certificates.withLock { previous in
            defer { previous = presented }
            return previous.isEmpty ? presented : previous
        }
    }
}

extension LibraryMutant {
    /// Whether the mutant passes over a reason to refuse a peer.
    func overlooks(
        _ refusal: PeerRefusal,
        of presented: [Certificate],
        for purpose: Purpose,
        expecting name: ServerName?
    ) -> Bool {
        switch (self, refusal.reason) {
        case (.acceptAnyCertificate, _), (.ignoreRootCAs, .unknownAuthority), (.ignoreNotYetValid, .notYetValid),
            (.ignoreExpiry, .expired), (.ignoreExpiry, .notYetValid), (.ignoreExtendedKeyUsage, .purpose),
            (.ignoreKeyUsage, .keyUsage), (.ignoreIssuerThatIsNoCA, .invalidAuthority),
            (.ignorePathLength, .pathLength), (.ignoreNameConstraints, .nameConstraint),
            (.ignoreCriticalExtension, .criticalExtension), (.skipNameCheck, .nameMismatch):
            true
        case (.ignoreClientCAs, .unknownAuthority): purpose == .clientAuthentication
        case (.acceptStaleRevocationList, .noRevocationInformation):
            refusal.detail == VerificationError.revocationListExpired.text
        case (.acceptMissingRevocationList, .noRevocationInformation):
            refusal.detail != VerificationError.revocationListExpired.text
        case (.swapPurposes, .purpose): presented.allSatisfy(purpose.opposite.isAllowed)
        case (.acceptCommonName, .nameMismatch), (.wildcardTooDeep, .nameMismatch),
            (.acceptAddressInDNSName, .nameMismatch):
            name.map { takes(presented.first, for: $0) } ?? false
        default: false
        }
    }

    /// Whether the mutant takes a certificate for one of the name.
    private func takes(_ leaf: Certificate?, for name: ServerName) -> Bool {
        guard let leaf else { return false }
        let name = name.description
        return switch self {
        case .acceptCommonName: leaf.dnsNames.isEmpty && leaf.commonName?.lowercased() == name
        case .wildcardTooDeep: leaf.dnsNames.contains { $0.hasPrefix("*.") && name.hasSuffix($0.dropFirst()) }
        case .acceptAddressInDNSName: leaf.dnsNames.contains(name)
        default: false
        }
    }

    /// Why the mutant refuses a chain that is right, or nil.
    func objection(to chain: [Certificate], for purpose: Purpose) -> PeerRefusal? {
        guard let leaf = chain.first else { return nil }
        return switch self {
        case .demandExtendedKeyUsage where leaf.extendedKeyUsages == nil:
            PeerRefusal(.purpose, "expected an extended key usage, found none", leaf)
        case .refuseAnyExtendedKeyUsage where chain.contains { $0.extendedKeyUsages.map(Self.isAnyAlone) ?? false }:
            PeerRefusal(.purpose, "expected \(purpose.name), found anyExtendedKeyUsage", leaf)
        case .swapPurposes where !chain.allSatisfy(purpose.opposite.isAllowed):
            PeerRefusal(.purpose, "expected \(purpose.opposite.name)", leaf)
        case .refusePinnedLeaf where chain.count == 1 && !leaf.isSelfIssued:
            PeerRefusal(.unknownAuthority, "expected a chain to an authority, found a pinned certificate", leaf)
        default: nil
        }
    }

    private static func isAnyAlone(_ usages: [String]) -> Bool { usages == ["2.5.29.37.0"] }
}

extension Purpose {
    fileprivate var opposite: Purpose {
        self == .clientAuthentication ? .serverAuthentication : .clientAuthentication
    }
}

extension PeerRefusal {
    fileprivate init(_ reason: Reason, _ detail: String, _ leaf: Certificate) {
        self.init(reason: reason, detail: detail, certificate: leaf, depth: 0, time: nil)
    }
}
#endif
