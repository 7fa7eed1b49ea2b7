internal import ConformanceModel

/// What a verifying side must say of a credential.
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
    var pool: [String]
    /// `serverAuth` or `clientAuth`.
    var purpose: String
    var revocation: RevocationMode
    var revocationLists: [RevocationListSpecification]
    /// The time of the judgement in seconds from the case's now.
    var elapsed: Int64 = 0

    func judge(leaf: String, sent: [String], ruling: inout Ruling) -> PathFinding {
        let paths = graph.paths(from: leaf, sent: sent, pool: pool).filter { path in
            path.count > 1 || ruling.holds(.pathPinnedLeaf)
        }
        guard !paths.isEmpty else {
            var defects = leafDefects(leaf, ruling: &ruling)
            let rule: Rule = pool.isEmpty ? .pathEmptyPool : .pathUnknownAuthority
            if let defect = ruling.defect(rule, .unknownAuthority) { defects.append(defect) }
            return PathFinding(defects: defects, chainLength: nil)
        }
        let findings = paths.map { (path: $0, defects: defects(of: $0, ruling: &ruling)) }
        let good = findings.filter(\.defects.isEmpty)
        if !good.isEmpty, ruling.holds(.pathValid) {
            let lengths = Set(good.map(\.path.count))
            return PathFinding(defects: [], chainLength: lengths.count == 1 ? lengths.first : nil)
        }
        var union: [Defect] = []
        for defect in findings.flatMap(\.defects) where !union.contains(defect) { union.append(defect) }
        // Only a mutated oracle has a good path here, and refuses it.
        if union.isEmpty { union.append(Defect(reason: .unknownAuthority)) }
        return PathFinding(defects: union, chainLength: nil)
    }

    /// What is wrong with a leaf whatever path it has.
    private func leafDefects(_ leaf: String, ruling: inout Ruling) -> [Defect] {
        guard let certificate = graph.certificate(leaf) else { return [] }
        return [
            ruling.defect(.pathExpired, .expired, if: certificate.validTo < elapsed),
            ruling.defect(.pathNotYetValid, .notYetValid, if: certificate.validFrom > elapsed),
            ruling.defect(
                .pathCriticalExtension,
                .unknownCriticalExtension,
                if: certificate.hasUnknownCriticalExtension
            ),
            PurposeRules(purpose: purpose).leafDefect(certificate, ruling: &ruling),
            keyDefect(certificate, ruling: &ruling),
        ].compactMap { $0 }
    }

    private func defects(of path: [String], ruling: inout Ruling) -> [Defect] {
        let certificates = path.compactMap(graph.certificate)
        var defects = leafDefects(path[0], ruling: &ruling)
        let issuers = Array(certificates.dropFirst())
        let issuerTimes: [(Defect.Reason, Bool)] = [
            (.expired, issuers.contains { $0.validTo < elapsed }),
            (.notYetValid, issuers.contains { $0.validFrom > elapsed }),
        ]
        defects += issuerTimes.compactMap { ruling.defect(.pathIssuerExpired, $0.0, if: $0.1) }
        if let defect = ruling.defect(
            .pathIssuerNotCA,
            .unknownAuthority,
            if: issuers.contains { !canVouch($0) }
        ) {
            defects.append(defect)
        }
        if let defect = ruling.defect(
            .pathCriticalExtension,
            .unknownCriticalExtension,
            if: issuers.contains(where: \.hasUnknownCriticalExtension)
        ) {
            defects.append(defect)
        }
        if let defect = ruling.defect(.pathLength, .pathLength, if: exceedsPathLength(path)) { defects.append(defect) }
        if let defect = PurposeRules(purpose: purpose).issuerDefect(issuers, ruling: &ruling) { defects.append(defect) }
        if let defect = ruling.defect(
            .pathNameConstraints,
            .nameConstraint,
            if: NameConstraintRules.isViolated(in: certificates, constrainsCommonName: purpose == "clientAuth")
        ) {
            defects.append(defect)
        }
        let revocationRules = RevocationRules(graph: graph, mode: revocation, lists: revocationLists, elapsed: elapsed)
        defects += revocationRules.defects(of: path, ruling: &ruling)
        return defects
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

    /// Nothing is wrong with a key by Go's rules; what a mutated oracle would say instead is a wrong purpose.
    private func keyDefect(_ certificate: CertificateSpecification, ruling: inout Ruling) -> Defect? {
        let lacksSignature =
            certificate.version == 3
            && certificate.keyUsages.map { !$0.isEmpty && !$0.contains("digitalSignature") } ?? false
        let isSmall = certificate.key == .rsa1024
        let isAccepted =
            (!lacksSignature || ruling.holds(.keyUsageUnchecked)) && (!isSmall || ruling.holds(.keySizeUnchecked))
        return isAccepted ? nil : Defect(reason: .wrongPurpose)
    }
}
