internal import ConformanceModel

/// Revocation by CRL (RFC 5280 section 6.3) over a recipe.
struct RevocationRules {
    var graph: CertificateGraph
    /// The side that checks.
    var side: Side
    var mode: RevocationMode
    var lists: [RevocationListSpecification]
    /// The time of the judgement in seconds from the case's now.
    var elapsed: Int64

    func defects(of path: [String], ruling: inout Ruling) -> [Defect] {
        switch mode {
        case .off: []
        case .leaf:
            path.prefix(1).flatMap { status(of: $0, revokedRule: .revocationRevoked, ruling: &ruling) }
                + issuersBesideLeaf(path, ruling: &ruling)
        case .chain:
            path.enumerated().flatMap { index, name in
                status(
                    of: name,
                    revokedRule: index == 0 ? .revocationRevoked : .revocationIntermediate,
                    ruling: &ruling
                )
            }
        }
    }

    /// The finding of a stack that looks at every list that it has, though the leaf alone is to be checked.
    private func issuersBesideLeaf(_ path: [String], ruling: inout Ruling) -> [Defect] {
        let isRevoked = path.dropFirst().contains { name in
            responsible(for: name).contains { $0.revokes.contains(name) }
        }
        return [ruling.objection(.revocationLeafAlone, .revoked, by: side, if: isRevoked)].compactMap { $0 }
    }

    private func responsible(for name: String) -> [RevocationListSpecification] {
        let issuer = graph.certificate(name)?.issuer ?? name
        return lists.filter { list in
            graph.subject(of: list.issuer) == graph.subject(of: issuer)
                && graph.key(of: list.issuer) == graph.key(of: issuer)
        }
    }

    private func status(of name: String, revokedRule: Rule, ruling: inout Ruling) -> [Defect] {
        let responsible = responsible(for: name)
        guard !responsible.isEmpty else {
            return [ruling.defect(.revocationUnknown, .revocationUnknown, by: side)].compactMap { $0 }
        }
        let isStale = responsible.allSatisfy { $0.nextUpdate < elapsed }
        let isRevoked = responsible.contains { $0.revokes.contains(name) }
        return [
            ruling.defect(.revocationStale, .revocationUnknown, by: side, if: isStale),
            ruling.defect(revokedRule, .revoked, by: side, if: isRevoked),
        ].compactMap { $0 }
    }
}
