internal import ConformanceModel

/// Whether a server's certificate carries the name that the client expects (RFC 9525 section 6).
struct ServerNameRules {
    var reference: ReferenceName

    func defect(of certificate: CertificateSpecification, ruling: inout Ruling) -> Defect? {
        switch reference {
        case .address(let address):
            let hasAddress = certificate.version == 3 && certificate.ipAddresses.contains { IPAddress($0) == address }
            if hasAddress { return ruling.holds(.nameAddress) ? nil : mutated }
            return ruling.defect(.nameAddressMismatch, .nameMismatch)
        case .host(let host, let hadTrailingDot):
            return hostDefect(certificate, host: host.lowercased(), hadTrailingDot: hadTrailingDot, ruling: &ruling)
        case .invalid:
            return ruling.defect(.nameMismatch, .nameMismatch)
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
            let isAccepted = hadTrailingDot ? ruling.holds(.nameTrailingDot) : ruling.holds(.nameMatch)
            return isAccepted ? nil : mutated
        }
        let wildcards = names.filter { isWildcard($0, over: host) }
        if wildcards.contains(where: { labels($0).count >= 3 }) {
            return ruling.holds(.nameWildcard) ? nil : mutated
        }
        if !wildcards.isEmpty { return ruling.defect(.nameTopLevelWildcard, .nameMismatch) }
        let commonName = certificate.commonName ?? certificate.name
        if commonName.lowercased() == host { return ruling.defect(.nameNoCommonName, .nameMismatch) }
        return ruling.defect(.nameMismatch, .nameMismatch)
    }

    private func isWildcard(_ pattern: String, over host: String) -> Bool {
        let pattern = labels(pattern)
        let host = labels(host)
        return pattern.count == host.count && pattern.count > 1 && pattern[0] == "*"
            && pattern.dropFirst() == host.dropFirst()
    }

    private func labels(_ name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
    }

    private var mutated: Defect {
        Defect(reason: .nameMismatch)
    }
}
