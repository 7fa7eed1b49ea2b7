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
                    nextStep: NearestName.hint(for: name, among: KeyUsageNames.keyUsages.map(\.name))
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
                    nextStep: NearestName.hint(for: name, among: KeyUsageNames.keyPurposes.map(\.name))
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
