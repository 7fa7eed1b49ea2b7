#if Selftest
internal import MutualTLS
internal import OpenSSL

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
