internal import ConformanceModel

/// Whether a server's certificate carries the name that the client expects (RFC 9525 section 6).
struct ServerNameRules {
    /// As the client reads its user's text.
    var name: String

    func defect(of certificate: CertificateSpecification, ruling: inout Ruling) -> Defect? {
        switch ReferenceName(name) {
        case .address(let address):
            if let defect = ruling.objection(
                .nameBrackets,
                .nameMismatch,
                by: .client,
                if: ReferenceName.isBracketed(name)
            ) {
                return defect
            }
            let hasAddress = certificate.version == 3 && certificate.ipAddresses.contains { IPAddress($0) == address }
            if hasAddress { return ruling.objection(.nameAddress, .nameMismatch, by: .client) }
            let hasNames = certificate.version == 3 && !(certificate.dnsNames + certificate.ipAddresses).isEmpty
            let isCommonName = !hasNames && (certificate.commonName ?? certificate.name) == name
            let rule: Rule = isCommonName ? .nameNoCommonNameAddress : .nameAddressMismatch
            return ruling.defect(rule, .nameMismatch, by: .client)
        case .host(let host, let hadTrailingDot):
            return hostDefect(certificate, host: host.lowercased(), hadTrailingDot: hadTrailingDot, ruling: &ruling)
        case .invalid:
            return ruling.defect(.nameMismatch, .nameMismatch, by: .client)
        }
    }

    private func hostDefect(
        _ certificate: CertificateSpecification,
        host: String,
        hadTrailingDot: Bool,
        ruling: inout Ruling
    ) -> Defect? {
        let names = certificate.version == 3 ? certificate.dnsNames.map { $0.lowercased() } : []
        if names.contains(host) {
            return ruling.objection(hadTrailingDot ? .nameTrailingDot : .nameMatch, .nameMismatch, by: .client)
        }
        let wildcards = names.filter { isWildcard($0, over: host) }
        if wildcards.contains(where: { labels($0).count >= 3 }) {
            return ruling.objection(.nameWildcard, .nameMismatch, by: .client)
        }
        return ruling.defect(
            mismatch(names, of: certificate, host: host, hasWildcard: !wildcards.isEmpty),
            .nameMismatch,
            by: .client
        )
    }

    /// The rule by which a certificate without the name is refused.
    private func mismatch(
        _ names: [String],
        of certificate: CertificateSpecification,
        host: String,
        hasWildcard: Bool
    ) -> Rule {
        // A single label behind the wildcard, or none: `*.test` and `*`.
        if hasWildcard { return .nameTopLevelWildcard }
        if names.contains("*"), labels(host).count == 1 { return .nameBareWildcard }
        let kinds = names.compactMap { misplacedWildcard($0, over: host) }
        if let kind = kinds.first { return kind }
        let commonName = certificate.commonName ?? certificate.name
        guard commonName.lowercased() == host else { return .nameMismatch }
        guard certificate.version == 3 else { return .nameNoCommonName }
        if !names.isEmpty { return .nameNoCommonNameBesideNames }
        return certificate.ipAddresses.isEmpty && certificate.uris.isEmpty
            ? .nameNoCommonName : .nameNoCommonNameBesideOthers
    }

    private func isWildcard(_ pattern: String, over host: String) -> Bool {
        let pattern = labels(pattern)
        let host = labels(host)
        return pattern.count == host.count && pattern.count > 1 && pattern[0] == "*"
            && pattern.dropFirst() == host.dropFirst()
    }

    /// The rule against a wildcard that is a part of a label or not the first one, where it would fit.
    private func misplacedWildcard(_ pattern: String, over host: String) -> Rule? {
        let pattern = labels(pattern)
        let host = labels(host)
        guard pattern.count == host.count, pattern.joined().contains("*"), pattern[0] != "*",
            zip(pattern, host).allSatisfy({ fits($0, $1) })
        else { return nil }
        return pattern.dropFirst().contains { $0.contains("*") } ? .nameInnerWildcard : .namePartialWildcard
    }

    private func fits(_ pattern: Substring, _ label: Substring) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return pattern == label }
        let tail = pattern[pattern.index(after: star)...]
        return label.count >= pattern.count - 1 && label.hasPrefix(pattern[..<star]) && label.hasSuffix(tail)
    }

    private func labels(_ name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
    }
}
