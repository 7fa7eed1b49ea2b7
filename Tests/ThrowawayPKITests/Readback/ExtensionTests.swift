import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Extensions, read back by GnuTLS")
struct ExtensionTests {
    typealias Extension = GnuTLSCertificateReader.Extension

    private static let basicConstraints = "2.5.29.19"
    private static let keyUsage = "2.5.29.15"
    private static let extendedKeyUsage = "2.5.29.37"
    private static let alternativeName = "2.5.29.17"
    private static let nameConstraints = "2.5.29.30"
    private static let subjectKeyIdentifier = "2.5.29.14"
    private static let authorityKeyIdentifier = "2.5.29.35"
    private static let unknown = "1.3.6.1.4.1.99999.1"

    @Test("Each extension is there when it is asked for, with the critical bit of RFC 5280")
    func criticality() throws {
        let pki = try mint([
            CertificateRecipe(
                name: "root",
                isCA: true,
                extendedKeyUsages: ["any"],
                nameConstraints: NameConstraints(permitted: .init(dnsNames: ["test"])),
                hasUnknownCriticalExtension: true
            ),
            CertificateRecipe(name: "leaf", issuer: "root", dnsNames: ["a.test"], extendedKeyUsages: [], keyUsages: []),
        ])
        #expect(
            try read("root", of: pki).extensions == [
                Extension(oid: Self.basicConstraints, isCritical: true),
                Extension(oid: Self.keyUsage, isCritical: true),
                Extension(oid: Self.extendedKeyUsage, isCritical: false),
                Extension(oid: Self.nameConstraints, isCritical: true),
                Extension(oid: Self.unknown, isCritical: true),
                Extension(oid: Self.subjectKeyIdentifier, isCritical: false),
            ]
        )
        let leaf = try read("leaf", of: pki)
        #expect(
            leaf.extensions == [
                Extension(oid: Self.basicConstraints, isCritical: false),
                Extension(oid: Self.alternativeName, isCritical: false),
                Extension(oid: Self.subjectKeyIdentifier, isCritical: false),
                Extension(oid: Self.authorityKeyIdentifier, isCritical: false),
            ]
        )
        #expect(leaf.keyUsage == nil)
    }

    @Test("Alternative names are critical when the subject is empty")
    func emptySubject() throws {
        let certificate = try read(CertificateRecipe(name: "a", subject: Subject(), dnsNames: ["a.test"]))
        #expect(certificate.extensions.contains(Extension(oid: Self.alternativeName, isCritical: true)))
    }

    @Test(
        "A CA has the path length of the recipe",
        arguments: [nil, 0, 1, 255]
    )
    func pathLength(length: Int?) throws {
        let certificate = try read(CertificateRecipe(name: "a", isCA: true, pathLength: length))
        #expect(certificate.isCA)
        #expect(certificate.pathLength == length)
    }

    @Test(
        "Each key usage sets its own bit",
        arguments: [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
            "cRLSign", "encipherOnly", "decipherOnly",
        ]
    )
    func oneKeyUsage(name: String) throws {
        #expect(try read(CertificateRecipe(name: "a", keyUsages: [name])).keyUsage == [name])
    }

    @Test("Key usages are a set, and contentCommitment is the newer name of nonRepudiation")
    func keyUsages() throws {
        let recipe = CertificateRecipe(
            name: "a",
            keyUsages: ["keyAgreement", "contentCommitment", "digitalSignature", "digitalSignature"]
        )
        #expect(try read(recipe).keyUsage == ["digitalSignature", "nonRepudiation", "keyAgreement"])
    }

    @Test("Key purposes keep their order, and a dotted identifier is taken as it is")
    func keyPurposes() throws {
        let recipe = CertificateRecipe(
            name: "a",
            extendedKeyUsages: [
                "clientAuth", "serverAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning", "any",
                "1.3.6.1.4.1.99999.2",
            ]
        )
        #expect(
            try read(recipe).extendedKeyUsage == [
                "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8",
                "1.3.6.1.5.5.7.3.9", "2.5.29.37.0", "1.3.6.1.4.1.99999.2",
            ]
        )
    }

    @Test("Alternative names of all four kinds are written as given")
    func alternativeNames() throws {
        let recipe = CertificateRecipe(
            name: "a",
            dnsNames: [
                "server.test", "*.SERVER.test", "server.test.", "xn--bcher-kva.test", "my_node.test", "127.0.0.1",
            ],
            ipAddresses: ["127.0.0.1", "::1", "2001:db8::17", "::ffff:10.0.0.1"],
            uris: ["spiffe://test/node", "https://a.test/?x=1,y:2"],
            emailAddresses: ["node@server.test"]
        )
        let names = try read(recipe).subjectAltNames
        #expect(names.dns == recipe.dnsNames)
        #expect(names.addresses == recipe.ipAddresses)
        #expect(names.uris == recipe.uris)
        #expect(names.emails == recipe.emailAddresses)
        #expect(names.others == 0)
    }

    @Test("Name constraints of all four kinds are written as given, ranges without their host bits")
    func nameConstraints() throws {
        let recipe = CertificateRecipe(
            name: "a",
            isCA: true,
            nameConstraints: NameConstraints(
                permitted: .init(
                    dnsNames: ["good.test", "also.test"],
                    emailAddresses: ["host.test", ".below.test"],
                    ipRanges: ["10.17.0.0/12", "2001:db8::1/32"],
                    uriHosts: [".uri.test"]
                ),
                excluded: .init(dnsNames: ["bad.good.test"], ipRanges: ["0.0.0.0/0", "::1/128"])
            )
        )
        let certificate = try read(recipe)
        #expect(certificate.permittedNames.dns == ["good.test", "also.test"])
        #expect(certificate.permittedNames.emails == ["host.test", ".below.test"])
        #expect(certificate.permittedNames.addresses == ["10.16.0.0/12", "2001:db8::/32"])
        #expect(certificate.permittedNames.uris == [".uri.test"])
        #expect(certificate.excludedNames.dns == ["bad.good.test"])
        #expect(certificate.excludedNames.addresses == ["0.0.0.0/0", "::1/128"])
        #expect(certificate.excludedNames.emails.isEmpty)
    }
}
