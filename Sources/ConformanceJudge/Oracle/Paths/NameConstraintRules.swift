internal import ConformanceModel

/// Name constraints (RFC 5280 section 4.2.1.10) over a recipe.
enum NameConstraintRules {
    private typealias Match = (String, String) -> Bool

    /// Whether a name of some certificate breaks a constraint of a CA above it; leaf first, anchor last.
    ///
    /// An application may take a client's common name for a host, so one that looks like a DNS name is constrained like
    /// one where the certificate has no DNS name.
    static func isViolated(in path: [CertificateSpecification], constrainsCommonName: Bool) -> Bool {
        path.indices.dropFirst().contains { index in
            guard let constraints = path[index].nameConstraints else { return false }
            return path[..<index].enumerated().contains { depth, certificate in
                breaks(certificate, constraints, withCommonName: constrainsCommonName && depth == 0)
            }
        }
    }

    private static func breaks(
        _ certificate: CertificateSpecification,
        _ constraints: NameConstraintsSpecification,
        withCommonName: Bool
    ) -> Bool {
        if withCommonName, isHostOfCommonName(certificate), let commonName = certificate.commonName,
            isBroken([commonName], constraints.permittedDNS, constraints.excludedDNS, isHost, isWithinDomain)
        {
            return true
        }
        guard certificate.version == 3 else { return false }
        return isBroken(
            certificate.dnsNames,
            constraints.permittedDNS,
            constraints.excludedDNS,
            isHost,
            isWithinDomain,
            mayBeWithin: mayBeWithinDomain
        )
            || isBroken(
                certificate.emailAddresses,
                constraints.permittedEmail,
                constraints.excludedEmail,
                isMailbox,
                isWithinMailbox
            )
            || isBroken(
                certificate.ipAddresses,
                constraints.permittedIP,
                constraints.excludedIP,
                { IPAddress($0) != nil },
                isWithinNetwork
            )
            || isBroken(
                certificate.uris,
                constraints.permittedURI,
                constraints.excludedURI,
                { host(of: $0).map(isHost) ?? false },
                isWithinHost
            )
    }

    /// - Parameter mayBeWithin: whether any name that a name stands for is within an excluded subtree.
    private static func isBroken(
        _ names: [String],
        _ permitted: [String],
        _ excluded: [String],
        _ isWellFormed: (String) -> Bool,
        _ isWithin: Match,
        mayBeWithin: Match? = nil
    ) -> Bool {
        guard !permitted.isEmpty || !excluded.isEmpty else { return false }
        return names.contains { name in
            guard isWellFormed(name) else { return true }
            let isPermitted = permitted.isEmpty || permitted.contains { isWithin(name, $0) }
            return !isPermitted || excluded.contains { mayBeWithin?(name, $0) ?? isWithin(name, $0) }
        }
    }

    /// Host names have no empty label, and a wildcard only as the whole first one (RFC 9525 section 6.3).
    private static func isHost(_ name: String) -> Bool {
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.first == "*" { labels.removeFirst() }
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isMailbox(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && isHost(String(parts[1]))
    }

    private static func isHostOfCommonName(_ certificate: CertificateSpecification) -> Bool {
        guard let name = certificate.commonName, certificate.version == 1 || certificate.dnsNames.isEmpty else {
            return false
        }
        return name.contains(".") && !name.contains("*") && isHost(name)
    }

    private static func isWithinDomain(_ name: String, _ constraint: String) -> Bool {
        let name = name.lowercased()
        let constraint = constraint.lowercased()
        if constraint.isEmpty || name == constraint { return true }
        return name.hasSuffix(constraint.hasPrefix(".") ? constraint : ".\(constraint)")
    }

    /// A wildcard also stands for the very name that is one label longer than its own.
    private static func mayBeWithinDomain(_ name: String, _ constraint: String) -> Bool {
        if isWithinDomain(name, constraint) { return true }
        guard name.hasPrefix("*."), let dot = constraint.firstIndex(of: "."), dot != constraint.startIndex else {
            return false
        }
        return constraint[dot...].lowercased() == name.dropFirst().lowercased()
    }

    private static func isWithinMailbox(_ address: String, _ constraint: String) -> Bool {
        if constraint.contains("@") { return address.lowercased() == constraint.lowercased() }
        guard let host = address.split(separator: "@").last.map({ String($0).lowercased() }) else { return false }
        let constraint = constraint.lowercased()
        return constraint.hasPrefix(".") ? host.hasSuffix(constraint) : host == constraint
    }

    private static func isWithinHost(_ uri: String, _ constraint: String) -> Bool {
        guard let name = host(of: uri)?.lowercased() else { return false }
        let constraint = constraint.lowercased()
        return constraint.hasPrefix(".") ? name.hasSuffix(constraint) : name == constraint
    }

    /// The host of a URI with an authority; an address is none.
    private static func host(of uri: String) -> String? {
        let parts = uri.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let authority = parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last.map(String.init) ?? String(authority)
        let name = host.split(separator: ":").first.map(String.init) ?? ""
        return IPAddress(name) == nil ? name : nil
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
