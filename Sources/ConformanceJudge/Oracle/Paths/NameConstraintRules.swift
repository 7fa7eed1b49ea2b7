internal import ConformanceModel

/// Name constraints (RFC 5280 section 4.2.1.10) over a recipe.
enum NameConstraintRules {
    /// Whether a name of some certificate breaks a constraint of a CA above it; leaf first, anchor last.
    static func isViolated(in path: [CertificateSpecification]) -> Bool {
        path.indices.dropFirst().contains { index in
            guard let constraints = path[index].nameConstraints else { return false }
            return path[..<index].contains { breaks($0, constraints) }
        }
    }

    private static func breaks(
        _ certificate: CertificateSpecification,
        _ constraints: NameConstraintsSpecification
    ) -> Bool {
        guard certificate.version == 3 else { return false }
        let kinds: [(names: [String], permitted: [String], excluded: [String], matches: (String, String) -> Bool)] = [
            (certificate.dnsNames, constraints.permittedDNS, constraints.excludedDNS, isWithinDomain),
            (certificate.emailAddresses, constraints.permittedEmail, constraints.excludedEmail, isWithinMailbox),
            (certificate.ipAddresses, constraints.permittedIP, constraints.excludedIP, isWithinNetwork),
            (certificate.uris, constraints.permittedURI, constraints.excludedURI, isWithinHost),
        ]
        return kinds.contains { kind in
            kind.names.contains { name in
                let isPermitted = kind.permitted.isEmpty || kind.permitted.contains { kind.matches(name, $0) }
                return !isPermitted || kind.excluded.contains { kind.matches(name, $0) }
            }
        }
    }

    private static func isWithinDomain(_ name: String, _ constraint: String) -> Bool {
        let name = name.lowercased()
        let constraint = constraint.lowercased()
        if constraint.isEmpty || name == constraint { return true }
        return name.hasSuffix(constraint.hasPrefix(".") ? constraint : ".\(constraint)")
    }

    private static func isWithinMailbox(_ address: String, _ constraint: String) -> Bool {
        if constraint.contains("@") { return address.lowercased() == constraint.lowercased() }
        guard let host = address.split(separator: "@").last.map({ String($0).lowercased() }) else { return false }
        let constraint = constraint.lowercased()
        return constraint.hasPrefix(".") ? host.hasSuffix(constraint) : host == constraint
    }

    private static func isWithinHost(_ uri: String, _ constraint: String) -> Bool {
        let parts = uri.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return false }
        let authority = parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last.map(String.init) ?? String(authority)
        let name = host.split(separator: ":").first.map { String($0).lowercased() } ?? ""
        let constraint = constraint.lowercased()
        return constraint.hasPrefix(".") ? name.hasSuffix(constraint) : name == constraint
    }

    /// RFC 5280 writes the network as address and mask; recipes write it as a prefix length.
    private static func isWithinNetwork(_ address: String, _ constraint: String) -> Bool {
        let parts = constraint.split(separator: "/")
        guard parts.count == 2, let length = Int(parts[1]),
            let network = IPAddress(String(parts[0])), let address = IPAddress(address),
            network.bytes.count == address.bytes.count
        else { return false }
        return (0..<length).allSatisfy { bit in
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            return network.bytes[bit / 8] & mask == address.bytes[bit / 8] & mask
        }
    }
}
