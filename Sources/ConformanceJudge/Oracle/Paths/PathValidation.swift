internal import ConformanceModel

/// The judgement of a credential by a verifying side.
struct PathFinding {
    /// Empty when the credential is good.
    var defects: [Defect]
    /// The length of the verified chain; nil when good paths of different lengths exist, and when there is none.
    var chainLength: Int?

    var isGood: Bool { defects.isEmpty }
}

/// Path validation (RFC 5280 section 6.1) over a recipe, as a Go-like verifier does it.
struct PathValidation {
    var graph: CertificateGraph
    /// The side that verifies.
    var side: Side
    var pool: [String]
    /// `serverAuth` or `clientAuth`.
    var purpose: String
    var revocation: RevocationMode
    var revocationLists: [RevocationListSpecification]
    /// The time of the judgement in seconds from the case's now.
    var elapsed: Int64 = 0

    func judge(leaf: String, sent: [String], ruling: inout Ruling) -> PathFinding {
        let all = candidates(from: leaf, sent: sent, ruling: &ruling)
        var objections: [Defect] = []
        let paths = all.filter { path in
            let objection = anchorObjection(path, sent: sent, ruling: &ruling)
            if let objection { objections.append(objection) }
            return objection == nil
        }
        guard !paths.isEmpty else {
            var defects = leafDefects(leaf, ruling: &ruling)
            let missing = objections.isEmpty ? missingAuthority(leaf, sent: sent, ruling: &ruling) : objections[0]
            if let missing { defects.append(missing) }
            return PathFinding(defects: defects, chainLength: nil)
        }
        let findings = paths.map { (path: $0, defects: defects(of: $0, ruling: &ruling)) }
        let good = findings.filter(\.defects.isEmpty)
        if !good.isEmpty, ruling.holds(.pathValid, by: side) {
            let lengths = Set(good.map(\.path.count))
            return PathFinding(defects: [], chainLength: lengths.count == 1 ? lengths.first : nil)
        }
        var union: [Defect] = []
        for defect in findings.flatMap(\.defects) where !union.contains(defect) { union.append(defect) }
        // A side that refuses a good path is the only one to come here without a defect.
        if union.isEmpty { union.append(Defect(rule: .pathValid, reason: .unknownAuthority)) }
        return PathFinding(defects: union, chainLength: nil)
    }

    /// The paths that a verifier looks at: all that there are, unless it takes the first issuer that fits, or looks for
    /// an issuer behind what it signed alone.
    private func candidates(from leaf: String, sent: [String], ruling: inout Ruling) -> [[String]] {
        let all = graph.paths(from: leaf, sent: sent, pool: pool)
        let first = graph.firstPaths(from: leaf, sent: sent, pool: pool)
        let hasChoice = Set(first) != Set(all)
        let found = !hasChoice || ruling.holds(.pathLooksOn, by: side) ? all : first
        let ordered = found.filter { graph.isInOrder($0, sent: sent, pool: pool) }
        let keepsOrder = !found.isEmpty && ordered.isEmpty && !ruling.holds(.pathOrder, by: side)
        return keepsOrder ? [] : found
    }

    /// Why a verifier may not end a path where this one ends; nil where it does.
    private func anchorObjection(_ path: [String], sent: [String], ruling: inout Ruling) -> Defect? {
        let anchor = path[path.count - 1]
        let isSelfSigned = graph.isSelfSigned(anchor)
        guard path.count == 1 else {
            return ruling.objection(.pathTrustedIntermediate, .unknownAuthority, by: side, if: !isSelfSigned)
        }
        if isSelfSigned { return ruling.objection(.pathPinnedSelfSigned, .unknownAuthority, by: side) }
        let isSentWithIssuers = sent.contains { $0 != anchor && graph.canIssue($0, anchor) }
        return ruling.objection(.pathPinnedLeafWithIssuers, .unknownAuthority, by: side, if: isSentWithIssuers)
            ?? ruling.objection(.pathPinnedLeaf, .unknownAuthority, by: side)
    }

    /// Each way to be taken in by an authority that isn't trusted has a rule of its own.
    private func missingAuthority(_ leaf: String, sent: [String], ruling: inout Ruling) -> Defect? {
        if pool.isEmpty { return ruling.defect(.pathEmptyPool, .unknownAuthority, by: side) }
        let trusted = Set(pool.map(graph.subject))
        let claimed = ([leaf] + sent).map(graph.issuerSubject)
        let rule: Rule =
            if graph.isSelfSigned(leaf) {
                .pathSelfSigned
            } else if sent.contains(where: { graph.isSelfSigned($0) && !pool.contains($0) }) {
                .pathSentRoot
            } else if claimed.contains(where: trusted.contains) {
                .pathImpostor
            } else {
                .pathUnknownAuthority
            }
        return ruling.defect(rule, .unknownAuthority, by: side)
    }

    /// The defects of a leaf, whatever path it has.
    private func leafDefects(_ leaf: String, ruling: inout Ruling) -> [Defect] {
        guard let certificate = graph.certificate(leaf) else { return [] }
        return [
            ruling.defect(.pathExpired, .expired, by: side, if: certificate.validTo < elapsed),
            ruling.defect(.pathNotYetValid, .notYetValid, by: side, if: certificate.validFrom > elapsed),
            ruling.defect(
                .pathCriticalExtension,
                .unknownCriticalExtension,
                by: side,
                if: certificate.hasUnknownCriticalExtension
            ),
            PurposeRules(purpose: purpose, side: side).leafDefect(certificate, ruling: &ruling),
            ruling.objection(.pathVersion1, .unknownAuthority, by: side, if: certificate.version == 1),
            ruling.objection(.pathAuthorityAsLeaf, .wrongPurpose, by: side, if: certificate.isCA),
        ].compactMap { $0 } + KeyRules(side: side).pathDefects(certificate, ruling: &ruling)
    }

    private func defects(of path: [String], ruling: inout Ruling) -> [Defect] {
        let certificates = path.compactMap(graph.certificate)
        var defects = leafDefects(path[0], ruling: &ruling)
        let issuers = Array(certificates.dropFirst())
        defects += timeDefects(of: issuers, ruling: &ruling)
        let anchor = issuers.last
        let intermediates = issuers.dropLast()
        let constraints = certificates.compactMap(\.nameConstraints)
        let others: [Defect?] = [
            ruling.defect(
                .pathIssuerNotCA,
                .unknownAuthority,
                by: side,
                if: intermediates.contains { !canVouch($0) && !lacksCertSignAlone($0) }
            ),
            ruling.defect(
                .pathIssuerKeyUsage,
                .unknownAuthority,
                by: side,
                if: intermediates.contains(where: lacksCertSignAlone)
            ),
            ruling.defect(
                .pathSignature,
                .unknownAuthority,
                by: side,
                if: certificates.dropLast().contains(where: \.hasForgedSignature)
            ),
            ruling.defect(
                .pathAnchorNotCA,
                .unknownAuthority,
                by: side,
                if: anchor.map { !canVouch($0) && !lacksConstraintsAlone($0) } ?? false
            ),
            ruling.defect(
                .pathAnchorWithoutConstraints,
                .unknownAuthority,
                by: side,
                if: anchor.map(lacksConstraintsAlone) ?? false
            ),
            ruling.defect(
                .pathIssuerCriticalExtension,
                .unknownCriticalExtension,
                by: side,
                if: issuers.contains(where: \.hasUnknownCriticalExtension)
            ),
            ruling.defect(.pathLength, .pathLength, by: side, if: exceedsPathLength(path)),
            ruling.defect(
                .pathWeakDigest,
                .weakKey,
                by: side,
                if: certificates.dropLast().contains { $0.signature == .md5 }
            ),
            ruling.defect(
                .pathSHA1,
                .weakKey,
                by: side,
                if: certificates.dropLast().contains { $0.signature == .sha1 }
            ),
            PurposeRules(purpose: purpose, side: side).issuerDefect(issuers, ruling: &ruling),
            ruling.objection(.pathConstraintsKnown, .nameConstraint, by: side, if: !constraints.isEmpty),
            ruling.objection(
                .pathDirectoryConstraintsKnown,
                .nameConstraint,
                by: side,
                if: constraints.contains { !($0.permittedDirectory + $0.excludedDirectory).isEmpty }
            ),
        ]
        defects += others.compactMap { $0 }
        defects += constraintDefects(of: certificates, ruling: &ruling)
        defects += KeyRules(side: side).authorityDefects(issuers, ruling: &ruling)
        let revocationRules = RevocationRules(
            graph: graph,
            side: side,
            mode: revocation,
            lists: revocationLists,
            elapsed: elapsed
        )
        defects += revocationRules.defects(of: path, ruling: &ruling)
        return defects
    }

    /// Each kind of violation has a rule of its own, since stacks exist that overlook one and keep the others.
    private func constraintDefects(of certificates: [CertificateSpecification], ruling: inout Ruling) -> [Defect] {
        let violations = NameConstraintRules.violations(
            in: certificates,
            constrainsCommonName: purpose == "clientAuth"
        )
        let rules: [(NameConstraintRules.Violation, Rule)] = [
            (.outside, .pathNameConstraints), (.uriOutside, .pathConstrainedURI),
            (.directoryOutside, .pathConstrainedDirectory),
            (.addressOutside, .pathConstrainedAddress), (.mailboxOutside, .pathConstrainedMailbox),
            (.wildcard, .pathConstrainedWildcard), (.malformed, .pathConstrainedMalformed),
            (.commonName, .pathConstrainedCommonName),
        ]
        return rules.compactMap { violation, rule in
            ruling.defect(rule, .nameConstraint, by: side, if: violations.contains(violation))
        }
    }

    /// An anchor has a rule of its own, since stacks exist to which it is a name and a key alone.
    private func timeDefects(of issuers: [CertificateSpecification], ruling: inout Ruling) -> [Defect] {
        let parts: [(Rule, ArraySlice<CertificateSpecification>)] = [
            (.pathIssuerExpired, issuers.dropLast()), (.pathAnchorExpired, issuers.suffix(1)),
        ]
        return parts.flatMap { rule, certificates in
            [
                ruling.defect(rule, .expired, by: side, if: certificates.contains { $0.validTo < elapsed }),
                ruling.defect(rule, .notYetValid, by: side, if: certificates.contains { $0.validFrom > elapsed }),
            ].compactMap { $0 }
        }
    }

    /// Whether a certificate would be a CA if its key usage had keyCertSign.
    private func lacksCertSignAlone(_ certificate: CertificateSpecification) -> Bool {
        var complete = certificate
        complete.keyUsages = nil
        return !canVouch(certificate) && canVouch(complete)
    }

    /// Whether a certificate would be a CA if it had basicConstraints.
    private func lacksConstraintsAlone(_ certificate: CertificateSpecification) -> Bool {
        var complete = certificate
        complete.hasBasicConstraints = true
        return !canVouch(certificate) && canVouch(complete)
    }

    /// Version 1 knows no basicConstraints: such a certificate vouches only as a self-signed anchor.
    private func canVouch(_ certificate: CertificateSpecification) -> Bool {
        if certificate.version == 1 { return certificate.issuer == nil }
        guard certificate.isCA, certificate.hasBasicConstraints else { return false }
        return certificate.keyUsages.map { $0.isEmpty || $0.contains("keyCertSign") } ?? true
    }

    /// RFC 5280 section 6.1.4 (l): self-issued intermediates do not count, nor does the leaf.
    private func exceedsPathLength(_ path: [String]) -> Bool {
        path.indices.dropFirst().contains { index in
            guard let limit = graph.certificate(path[index])?.pathLength else { return false }
            let intermediates = path[1..<index].filter { !graph.isSelfIssued($0) }.count
            return intermediates > limit
        }
    }
}
