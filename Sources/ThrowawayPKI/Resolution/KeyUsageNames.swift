internal import OpenSSLMinting

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
