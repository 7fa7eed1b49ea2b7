internal import OpenSSL

extension LibraryMutant {
    /// Whether the mutant overlooks a reason to refuse a peer.
    func waves(_ refusal: PeerRefusal, for purpose: Purpose) -> Bool {
        switch (self, refusal.reason) {
        case (.acceptAnyCertificate, _), (.ignoreRootCAs, .unknownAuthority), (.ignoreNotYetValid, .notYetValid),
            (.ignoreIssuerThatIsNoCA, .invalidAuthority), (.ignorePathLength, .pathLength),
            (.ignoreNameConstraints, .nameConstraint), (.ignoreCriticalExtension, .criticalExtension):
            true
        case (.ignoreClientCAs, .unknownAuthority):
            purpose == .clientAuthentication
        case (.acceptStaleRevocationList, .noRevocationInformation):
            refusal.detail == VerificationError.revocationListExpired.text
        case (.acceptMissingRevocationList, .noRevocationInformation):
            refusal.detail != VerificationError.revocationListExpired.text
        default:
            false
        }
    }
}

extension PeerRefusal {
    /// The code that the alert is made of, which only a mutant makes another one.
    func alertSource(altered mutant: LibraryMutant?) -> VerificationError {
        switch mutant {
        case .wrongAlert: .invalidPurpose
        case .oneAlertForAll: .rejected
        default: reason.alertSource
        }
    }

    /// Whether it is for an address that stands among the DNS names, which a mutant takes for one of the addresses.
    func isWaved(by mutant: LibraryMutant?, expecting name: ServerName?) -> Bool {
        guard mutant == .acceptAddressInDNSName, reason == .nameMismatch, let name, name.sni == nil else {
            return false
        }
        return certificate?.dnsNames.contains(name.description) ?? false
    }
}

extension Purpose {
    /// What the certificates must really be good for, which only a mutant makes something else.
    func altered(by mutant: LibraryMutant?) -> Purpose {
        guard mutant == .swapPurposes else { return self }
        return self == .clientAuthentication ? .serverAuthentication : .clientAuthentication
    }
}

extension Identity {
    /// The identity as it is sent, which only a mutant cuts.
    func sent(by mutant: LibraryMutant?) throws(MutualTLSError) -> Identity {
        guard mutant == .withholdIntermediates else { return self }
        return try Identity(unchecked: [certificate], leaf: certificate, key: credential.key)
    }
}
