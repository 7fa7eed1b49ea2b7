internal import COpenSSL

/// The search for paths from a peer's leaf to a trust anchor (RFC 4158), best candidates first.
///
/// Names choose the candidates, and key identifiers, times and basic constraints their order; none of them proves
/// anything: each path that is found is verified as a whole. The search is bounded, since a peer chooses what it sends.
struct PathSearch {
    /// How many issuers are tried in one search; a chain of three that fits takes two.
    private static let mostSteps = 2_000

    private let leaf: X509Certificate
    private let isLeafAnchor: Bool
    private let anchors: TrustStore
    /// Certificates of the peer from which names lead to an anchor.
    private let intermediates: [X509Certificate]
    private let time: Int64?
    private var issuers: [Int: [Candidate]] = [:]
    private var steps = 0
    /// Pairs of which the upper one's key doesn't verify the lower one's signature.
    private var brokenLinks: Set<Link> = []

    private struct Candidate {
        let certificate: X509Certificate
        let isAnchor: Bool
    }

    private struct Link: Hashable {
        let certificate: Int
        let issuer: Int
    }

    /// - Parameters:
    ///   - sent: certificates of the peer, leaf first.
    ///   - time: the time to prefer valid certificates by; nil for none.
    init?(from sent: [X509Certificate], to anchors: TrustStore, at time: Int64?) {
        guard let leaf = sent.first else { return nil }
        self.leaf = leaf
        self.anchors = anchors
        self.time = time
        isLeafAnchor = anchors.member(equalTo: leaf) != nil
        intermediates = Self.connected(Array(sent.dropFirst()), to: anchors)
    }

    /// Visits paths, leaf first and anchor last, until a visit ends the search.
    mutating func visitPaths(_ visit: (inout PathSearch, [X509Certificate]) -> Bool) {
        var path = [leaf]
        _ = extend(&path, isAnchor: isLeafAnchor, visit)
    }

    /// Notes that a signature of a path doesn't verify, so that no other path relies on it.
    mutating func notice(brokenLinkAt depth: Int, of path: [X509Certificate]) {
        guard path.indices.contains(depth + 1) else { return }
        brokenLinks.insert(Link(certificate: path[depth].sharedObject, issuer: path[depth + 1].sharedObject))
    }

    /// A certificate of the pool is an anchor, whoever has signed it; paths that lead on from it come first.
    private mutating func extend(
        _ path: inout [X509Certificate],
        isAnchor: Bool,
        _ visit: (inout PathSearch, [X509Certificate]) -> Bool
    ) -> Bool {
        let last = path[path.count - 1]
        // Nothing stands above a self-signed certificate, whatever else has its name.
        for candidate in last.isSelfSigned ? [] : candidates(for: last) {
            let issuer = candidate.certificate
            guard !path.contains(where: { $0.isReplaceable(by: issuer) }) else { continue }
            steps += 1
            guard steps <= Self.mostSteps else { return true }
            guard !isBroken(last, issuer) else { continue }
            path.append(issuer)
            if extend(&path, isAnchor: candidate.isAnchor, visit) { return true }
            path.removeLast()
            // The link to this certificate may have turned out to be broken meanwhile.
            if path.count > 1, isBroken(path[path.count - 2], last) { return false }
        }
        return isAnchor && visit(&self, path)
    }

    private func isBroken(_ certificate: X509Certificate, _ issuer: X509Certificate) -> Bool {
        brokenLinks.contains(Link(certificate: certificate.sharedObject, issuer: issuer.sharedObject))
    }

    private mutating func candidates(for certificate: X509Certificate) -> [Candidate] {
        if let known = issuers[certificate.sharedObject] { return known }
        var found = anchors.issuers(of: certificate).map { Candidate(certificate: $0, isAnchor: true) }
        for sent in intermediates where sent.isNamedAsIssuer(of: certificate) {
            guard !found.contains(where: { $0.certificate.isEqual(to: sent) }) else { continue }
            found.append(Candidate(certificate: sent, isAnchor: false))
        }
        if found.count > 1 {
            let ranks = found.map { rank(of: $0.certificate, for: certificate) }
            // Where ranks are equal the order stays: anchors, then as they were sent.
            found = found.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { found[$0] }
        }
        issuers[certificate.sharedObject] = found
        return found
    }

    /// Smaller ranks are tried first.
    private func rank(of issuer: X509Certificate, for certificate: X509Certificate) -> Int {
        let isUnfit = issuer.issuingDefect != nil || time.map { issuer.validityDefect(at: $0) != nil } ?? false
        return (isUnfit ? 4 : 0) + certificate.keyIdentifierRank(of: issuer)
    }

    /// Leaves out certificates from which no chain of names leads to an anchor.
    private static func connected(_ sent: [X509Certificate], to anchors: TrustStore) -> [X509Certificate] {
        var isConnected = sent.map { anchors.hasIssuer(of: $0) }
        var fresh = sent.indices.filter { isConnected[$0] }
        while let upper = fresh.popLast() {
            for lower in sent.indices where !isConnected[lower] && sent[upper].isNamedAsIssuer(of: sent[lower]) {
                isConnected[lower] = true
                fresh.append(lower)
            }
        }
        return sent.indices.filter { isConnected[$0] }.map { sent[$0] }
    }
}

extension X509Certificate {
    /// Whether subject and issuer are one name and no key identifier contradicts; the signature isn't looked at.
    var isSelfSigned: Bool { X509_get_extension_flags(pointer) & UInt32(EXFLAG_SS) != 0 }

    /// Whether a path that has this one gains nothing by the other one further up: it has the same name and key.
    fileprivate func isReplaceable(by other: X509Certificate) -> Bool {
        if pointer == other.pointer { return true }
        guard X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_subject_name(other.pointer)) == 0 else {
            return false
        }
        return EVP_PKEY_eq(X509_get0_pubkey(pointer), X509_get0_pubkey(other.pointer)) == 1
    }

    /// 0 where the key identifiers agree, 1 where one of them is missing, 2 where they differ.
    fileprivate func keyIdentifierRank(of issuer: X509Certificate) -> Int {
        guard let wanted = X509_get0_authority_key_id(pointer), let found = X509_get0_subject_key_id(issuer.pointer)
        else {
            return 1
        }
        return ASN1_STRING_cmp(wanted, found) == 0 ? 0 : 2
    }
}

/// Checks of a path that OpenSSL takes less strictly, or in which other paths are weeded out before a signature of
/// theirs costs anything.
struct PathChecks {
    /// Nil to leave times alone.
    let time: Int64?

    /// The first defect of a path, leaf first and anchor last, and the depth of its certificate.
    func defect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        for (depth, certificate) in path.enumerated() {
            if let time, let error = certificate.validityDefect(at: time) { return (error, depth) }
            if certificate.hasUnknownCriticalExtension { return (.criticalExtension, depth) }
            guard depth > 0 else { continue }
            if let error = certificate.issuingDefect { return (error, depth) }
            // RFC 5280 section 6.1.4 (l): self-issued certificates don't count.
            let below = path[1..<depth].count { !$0.isSelfIssued }
            if let limit = certificate.pathLength, below > limit { return (.pathLengthExceeded, depth) }
        }
        return constraintDefect(of: path)
    }

    /// The error of a path that OpenSSL accepts and that breaks a rule all the same.
    func strictDefect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        for (depth, certificate) in path.enumerated().dropFirst() {
            if let error = certificate.issuingDefect { return (error, depth) }
        }
        return constraintDefect(of: path)
    }

    private func constraintDefect(of path: [X509Certificate]) -> (error: VerificationError, depth: Int)? {
        var names: [Int: [ConstrainedName]] = [:]
        var comparisons = 0
        for depth in path.indices.dropFirst() where path[depth].hasNameConstraints {
            guard let constraints = NameConstraints(of: path[depth]) else { return (.constraintSyntax, depth) }
            for lower in 0..<depth where lower == 0 || !path[lower].isSelfIssued {
                let all = names[lower] ?? ConstrainedName.all(of: path[lower])
                names[lower] = all
                comparisons += all.count * constraints.count
                guard comparisons <= Self.mostComparisons else { return (.unspecified, lower) }
                if let error = constraints.violation(by: all) { return (error, lower) }
            }
        }
        return nil
    }

    /// As in Go: a certificate must not buy more than this with its names.
    private static let mostComparisons = 250_000
}

extension X509Certificate {
    /// Why it issues nothing, or nil: RFC 5280 section 6.1.4 (k) and (n).
    ///
    /// Version 1 has no extension to say it with, so such a certificate counts as an authority if it is self-signed,
    /// which in a path only an anchor is. OpenSSL takes keyCertSign for the word of an authority too, and so lets
    /// certificates of version 3 issue that have no basicConstraints.
    var issuingDefect: VerificationError? {
        let flags = X509_get_extension_flags(pointer)
        if flags & UInt32(EXFLAG_INVALID) != 0 { return .invalidAuthority }
        if version == 1 { return isSelfSigned ? nil : .invalidAuthority }
        guard flags & UInt32(EXFLAG_CA) != 0 else { return .invalidAuthority }
        let usage = X509_get_key_usage(pointer)
        return usage & UInt32(KU_KEY_CERT_SIGN) != 0 ? nil : .keyUsageWithoutCertSign
    }

    var hasUnknownCriticalExtension: Bool { X509_get_extension_flags(pointer) & UInt32(EXFLAG_CRITICAL) != 0 }

    /// Both ends of the validity are part of it (RFC 5280 section 4.1.2.5).
    func validityDefect(at time: Int64) -> VerificationError? {
        guard let notBefore, let notAfter else { return .unspecified }
        return time < notBefore ? .notYetValid : time > notAfter ? .hasExpired : nil
    }
}
