internal import Glibc
internal import OpenSSLMinting

/// Reads the words of a recipe that end up in extensions.
enum ExtensionWords {
    static func keyUsages(of recipe: CertificateRecipe) throws(PKIError) -> [CertificateExtension.KeyUsage] {
        guard let names = recipe.keyUsages else {
            return recipe.isCA ? [.keyCertSign, .cRLSign] : [.digitalSignature]
        }
        var usages: [CertificateExtension.KeyUsage] = []
        for name in names {
            guard let usage = KeyUsageNames.keyUsage(name) else {
                throw PKIError(
                    .badKeyUsage,
                    entry: recipe.name,
                    expected: "a key usage of RFC 5280 section 4.2.1.3",
                    found: "“\(name)”",
                    nextStep: KnownNames.hint(KeyUsageNames.keyUsages.map(\.name))
                )
            }
            usages.append(usage)
        }
        return usages
    }

    static func keyPurposes(of recipe: CertificateRecipe) throws(PKIError) -> [String] {
        var purposes: [String] = []
        for name in recipe.extendedKeyUsages ?? [] {
            guard let purpose = KeyUsageNames.keyPurpose(name) else {
                throw PKIError(
                    .badExtendedKeyUsage,
                    entry: recipe.name,
                    expected: "a key purpose of RFC 5280 section 4.2.1.12 or a dotted object identifier",
                    found: "“\(name)”",
                    nextStep: KnownNames.hint(KeyUsageNames.keyPurposes.map(\.name))
                )
            }
            purposes.append(purpose)
        }
        return purposes
    }

    static func alternativeNames(of recipe: CertificateRecipe) throws(PKIError) -> [GeneralName] {
        var names: [GeneralName] = []
        for name in recipe.dnsNames {
            names.append(.dns(try ia5(name, "a DNS name", of: recipe, code: .badAlternativeName)))
        }
        for address in recipe.ipAddresses {
            guard let octets = IPAddress.octets(of: address) else {
                throw PKIError(
                    .badIPAddress,
                    entry: recipe.name,
                    expected: "an IPv4 or IPv6 address without brackets, prefix length or zone",
                    found: "“\(address)”",
                    nextStep: "write it like 127.0.0.1 or ::1; names belong into dnsNames"
                )
            }
            names.append(.ip(octets))
        }
        for uri in recipe.uris {
            names.append(.uri(try ia5(uri, "a URI", of: recipe, code: .badAlternativeName)))
        }
        for address in recipe.emailAddresses {
            names.append(.email(try ia5(address, "an e-mail address", of: recipe, code: .badAlternativeName)))
        }
        return names
    }

    static func nameConstraints(
        _ constraints: NameConstraints,
        of recipe: CertificateRecipe
    ) throws(PKIError) -> CertificateExtension {
        guard !constraints.permitted.isEmpty || !constraints.excluded.isEmpty else {
            throw PKIError(
                .badNameConstraint,
                entry: recipe.name,
                expected: "at least one permitted or excluded subtree",
                found: "none",
                nextStep: "leave the name constraints out"
            )
        }
        return .nameConstraints(
            permitted: try bases(of: constraints.permitted, of: recipe),
            excluded: try bases(of: constraints.excluded, of: recipe)
        )
    }

    private static func bases(
        of subtrees: NameConstraints.Subtrees,
        of recipe: CertificateRecipe
    ) throws(PKIError) -> [GeneralName] {
        var bases: [GeneralName] = []
        for name in subtrees.dnsNames {
            bases.append(.dns(try ia5(name, "a domain", of: recipe, code: .badNameConstraint)))
        }
        for address in subtrees.emailAddresses {
            bases.append(.email(try ia5(address, "a mailbox or host", of: recipe, code: .badNameConstraint)))
        }
        for range in subtrees.ipRanges {
            guard let octets = IPAddress.maskedOctets(ofRange: range) else {
                throw PKIError(
                    .badIPAddress,
                    entry: recipe.name,
                    expected: "a range of IP addresses in CIDR form",
                    found: "“\(range)”",
                    nextStep: "write it like 10.0.0.0/8 or 2001:db8::/32"
                )
            }
            bases.append(.ip(octets))
        }
        for host in subtrees.uriHosts {
            bases.append(.uri(try ia5(host, "a host", of: recipe, code: .badNameConstraint)))
        }
        for organization in subtrees.organizations {
            bases.append(.directory(DistinguishedName(organization: organization)))
        }
        return bases
    }

    /// An IA5String holds ASCII alone. A NUL inside is let through: a well-known attack that tests may want.
    private static func ia5(
        _ text: String,
        _ expected: String,
        of recipe: CertificateRecipe,
        code: PKIError.Code
    ) throws(PKIError) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw PKIError(
                code,
                entry: recipe.name,
                expected: "\(expected) in ASCII",
                found: "“\(text)”",
                nextStep: "write an international name in its xn-- form, and leave an empty one out"
            )
        }
        return text
    }
}

/// The words for key usages and key purposes in a recipe.
enum KeyUsageNames {
    static let keyUsages: [(name: String, usage: CertificateExtension.KeyUsage)] = [
        ("digitalSignature", .digitalSignature),
        ("nonRepudiation", .nonRepudiation),
        ("contentCommitment", .nonRepudiation),
        ("keyEncipherment", .keyEncipherment),
        ("dataEncipherment", .dataEncipherment),
        ("keyAgreement", .keyAgreement),
        ("keyCertSign", .keyCertSign),
        ("cRLSign", .cRLSign),
        ("encipherOnly", .encipherOnly),
        ("decipherOnly", .decipherOnly),
    ]

    /// RFC 5280 section 4.2.1.12.
    static let keyPurposes: [(name: String, identifier: String)] = [
        ("serverAuth", "1.3.6.1.5.5.7.3.1"),
        ("clientAuth", "1.3.6.1.5.5.7.3.2"),
        ("codeSigning", "1.3.6.1.5.5.7.3.3"),
        ("emailProtection", "1.3.6.1.5.5.7.3.4"),
        ("timeStamping", "1.3.6.1.5.5.7.3.8"),
        ("OCSPSigning", "1.3.6.1.5.5.7.3.9"),
        ("any", "2.5.29.37.0"),
    ]

    static func keyUsage(_ name: String) -> CertificateExtension.KeyUsage? {
        keyUsages.first { $0.name == name }?.usage
    }

    /// The dotted identifier of a purpose, which may be given as one.
    static func keyPurpose(_ name: String) -> String? {
        keyPurposes.first { $0.name == name }?.identifier ?? (isObjectIdentifier(name) ? name : nil)
    }

    /// Two arcs at least; the first is 0, 1 or 2, and the second is below 40 unless the first is 2 (X.660).
    private static func isObjectIdentifier(_ text: String) -> Bool {
        let arcs = text.split(separator: ".", omittingEmptySubsequences: false).map { arc -> UInt32? in
            arc.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt32(arc) : nil
        }
        guard arcs.count >= 2, !arcs.contains(nil), let first = arcs[0], let second = arcs[1] else { return false }
        return first == 2 || (first < 2 && second < 40)
    }
}

/// An IP address or a range of them, as the octets that a certificate holds.
enum IPAddress {
    /// 4 or 16 octets, or nil when the text is not an address.
    static func octets(of text: String) -> [UInt8]? {
        if let ipv4 = parse(text, family: AF_INET, count: 4) { return ipv4 }
        return parse(text, family: AF_INET6, count: 16)
    }

    /// Address and mask of a range in CIDR form, 8 or 32 octets (RFC 5280 section 4.2.1.10), or nil when the text is
    /// not a range.
    static func maskedOctets(ofRange text: String) -> [UInt8]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = octets(of: String(parts[0])),
            parts[1].allSatisfy(\.isASCII), parts[1].allSatisfy(\.isNumber),
            let prefix = Int(parts[1]), prefix <= address.count * 8
        else { return nil }
        let mask = (0..<address.count).map { index -> UInt8 in
            let ones = min(8, max(0, prefix - index * 8))
            return ones == 0 ? 0 : 0xFF << UInt8(8 - ones)
        }
        return zip(address, mask).map { $0 & $1 } + mask
    }

    private static func parse(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        // A text with a NUL inside would be read up to it only.
        guard !text.utf8.contains(0), inet_pton(family, text, &octets) == 1 else { return nil }
        return octets
    }
}
