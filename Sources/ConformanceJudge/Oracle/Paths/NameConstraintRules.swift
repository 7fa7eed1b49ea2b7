internal import ConformanceModel

/// Name constraints (RFC 5280 section 4.2.1.10) over a recipe.
enum NameConstraintRules {
    /// A way in which a name breaks a constraint.
    enum Violation: Hashable {
        /// Outside of every permitted subtree, or within an excluded one.
        case outside
        case addressOutside
        case mailboxOutside
        case uriOutside
        case directoryOutside
        /// A wildcard that stands for a name within an excluded subtree.
        case wildcard
        /// A name that is none of its kind, so that nobody can say where it is.
        case malformed
        /// A client's common name that an application may take for a host.
        case commonName
    }

    private typealias Match = (String, String) -> Bool

    /// The constraints of one kind of names, and how such names are read.
    private struct Kind {
        var permitted: [String]
        var excluded: [String]
        var isWellFormed: (String) -> Bool
        var isWithin: Match
        /// Whether any name that a name stands for is within an excluded subtree.
        var mayBeWithin: Match?
        var violation = Violation.outside
        /// Within an excluded subtree, where stacks keep that and not the other; nil is no difference.
        var excludedViolation: Violation?

        func violations(of names: [String]) -> [Violation] {
            guard !permitted.isEmpty || !excluded.isEmpty else { return [] }
            return names.compactMap { name in
                guard isWellFormed(name) else { return .malformed }
                let isPermitted = permitted.isEmpty || permitted.contains { isWithin(name, $0) }
                if !isPermitted { return violation }
                if excluded.contains(where: { isWithin(name, $0) }) { return excludedViolation ?? violation }
                return excluded.contains { mayBeWithin?(name, $0) ?? false } ? .wildcard : nil
            }
        }
    }

    /// The ways in which names of a path break a constraint of a CA above them; leaf first, anchor last.
    ///
    /// An application may take a client's common name for a host, so one that looks like a DNS name is constrained like
    /// one where the certificate has no DNS name.
    static func violations(in path: [CertificateSpecification], constrainsCommonName: Bool) -> Set<Violation> {
        var found: Set<Violation> = []
        for index in path.indices.dropFirst() {
            guard let constraints = path[index].nameConstraints else { continue }
            for (depth, certificate) in path[..<index].enumerated() {
                let isClient = constrainsCommonName && depth == 0
                found.formUnion(violations(of: certificate, constraints, withCommonName: isClient))
            }
        }
        return found
    }

    private static func violations(
        of certificate: CertificateSpecification,
        _ constraints: NameConstraintsSpecification,
        withCommonName: Bool
    ) -> [Violation] {
        let dns = Kind(
            permitted: constraints.permittedDNS,
            excluded: constraints.excludedDNS,
            isWellFormed: isHost,
            isWithin: isWithinDomain,
            mayBeWithin: mayBeWithinDomain
        )
        var found: [Violation] = []
        if withCommonName, isHostOfCommonName(certificate), let commonName = certificate.commonName,
            !dns.violations(of: [commonName]).isEmpty
        {
            found.append(.commonName)
        }
        guard certificate.version == 3 else { return found }
        let email = Kind(
            permitted: constraints.permittedEmail,
            excluded: constraints.excludedEmail,
            isWellFormed: isMailbox,
            isWithin: isWithinMailbox,
            violation: .mailboxOutside
        )
        let ip = Kind(
            permitted: constraints.permittedIP,
            excluded: constraints.excludedIP,
            isWellFormed: { IPAddress($0) != nil },
            isWithin: isWithinNetwork,
            violation: .addressOutside
        )
        let uri = Kind(
            permitted: constraints.permittedURI,
            excluded: constraints.excludedURI,
            isWellFormed: { host(of: $0).map(isHost) ?? false },
            isWithin: isWithinHost,
            violation: .uriOutside,
            excludedViolation: .outside
        )
        let directory = Kind(
            permitted: constraints.permittedDirectory,
            excluded: constraints.excludedDirectory,
            isWellFormed: { _ in true },
            isWithin: ==,
            violation: .directoryOutside,
            excludedViolation: .outside
        )
        return found + directory.violations(of: [certificate.organization ?? ""])
            + dns.violations(of: certificate.dnsNames) + email.violations(of: certificate.emailAddresses)
            + ip.violations(of: certificate.ipAddresses) + uri.violations(of: certificate.uris)
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
