internal import CGnuTLS
internal import GnuTLSPeer
internal import Testing

@Suite("Certificates and CRLs read back")
struct ReaderTests {
    private static let serverAuth = "1.3.6.1.5.5.7.3.1"
    private static let clientAuth = "1.3.6.1.5.5.7.3.2"

    @Test("Every field of a leaf is read")
    func leaf() throws {
        let root = try TestCA.root("Root,O=Org,C=DE")
        let leaf = try root.issue(
            TestRecipe(
                subject: "CN=Leaf,OU=Unit",
                serial: [0x7F, 1, 2],
                notBefore: TestRecipe.past,
                notAfter: TestRecipe.expired,
                keyUsage: GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_AGREEMENT,
                purposes: [Self.serverAuth, Self.clientAuth],
                dns: ["a.test", "*.b.test"],
                addresses: [[192, 0, 2, 1], [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]],
                emails: ["me@a.test"],
                uris: ["spiffe://a.test/me"],
                unknownCriticalExtension: true
            )
        )
        let read = try GnuTLSCertificateReader(leaf.der)
        #expect(read.version == 3)
        #expect(read.serial == [0x7F, 1, 2])
        #expect(read.subject == "CN=Leaf,OU=Unit")
        #expect(read.issuer == "CN=Root,O=Org,C=DE")
        #expect(read.notBefore == TestRecipe.past)
        #expect(read.notAfter == TestRecipe.expired)
        #expect(read.publicKeyAlgorithm == "EC/ECDSA")
        #expect(read.publicKeyBits == 256)
        #expect(read.curve == "SECP256R1")
        #expect(read.signatureAlgorithm == "ECDSA-SHA256")
        #expect(!read.isCA)
        #expect(read.pathLength == nil)
        #expect(read.keyUsage == ["digitalSignature", "keyAgreement"])
        #expect(read.extendedKeyUsage == [Self.serverAuth, Self.clientAuth])
        #expect(read.subjectAltNames.dns == ["a.test", "*.b.test"])
        #expect(read.subjectAltNames.addresses == ["192.0.2.1", "2001:db8::1"])
        #expect(read.subjectAltNames.emails == ["me@a.test"])
        #expect(read.subjectAltNames.uris == ["spiffe://a.test/me"])
        #expect(read.subjectAltNames.others == 0)
        #expect(read.permittedNames == GnuTLSGeneralNames())
        #expect(
            read.extensions == [
                .init(oid: "2.5.29.19", isCritical: true), .init(oid: "2.5.29.15", isCritical: true),
                .init(oid: "2.5.29.37", isCritical: false), .init(oid: "2.5.29.17", isCritical: false),
                .init(oid: "1.3.6.1.4.1.99999.1", isCritical: true),
            ]
        )
        #expect(read.sha256Fingerprint.count == 32)
        #expect(read.der == leaf.der)
    }

    @Test("A CA's constraints are read")
    func constraints() throws {
        let ca = try TestCA(
            TestRecipe(
                subject: "CN=CA",
                isCA: true,
                pathLength: 0,
                keyUsage: GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN,
                permittedDNS: ["in.test", "also.test"],
                excludedDNS: ["out.in.test"]
            )
        )
        let read = try GnuTLSCertificateReader(ca.der)
        #expect(read.isCA)
        #expect(read.pathLength == 0)
        #expect(read.keyUsage == ["keyCertSign", "cRLSign"])
        #expect(read.permittedNames.dns == ["in.test", "also.test"])
        #expect(read.excludedNames.dns == ["out.in.test"])
        #expect(read.extendedKeyUsage.isEmpty)
        #expect(read.subjectAltNames == GnuTLSGeneralNames())
    }

    @Test(
        "Each key algorithm has its names",
        arguments: [
            (GNUTLS_PK_RSA.rawValue, "RSA", 2048, nil, "RSA-SHA256"),
            (GNUTLS_PK_EDDSA_ED25519.rawValue, "EdDSA (Ed25519)", 256, "Ed25519", "EdDSA-Ed25519"),
        ]
    )
    func algorithms(_ algorithm: UInt32, _ name: String, _ bits: Int, _ curve: String?, _ signature: String) throws {
        let recipe = TestRecipe(subject: "CN=x", algorithm: gnutls_pk_algorithm_t(rawValue: algorithm))
        let read = try GnuTLSCertificateReader(TestCA(recipe).der)
        #expect(read.publicKeyAlgorithm == name)
        #expect(read.publicKeyBits == bits)
        #expect(read.curve == curve)
        #expect(read.signatureAlgorithm == signature)
        #expect(read.keyUsage == nil)
    }

    @Test("A certificate is issued by the key that signed it, whatever that certificate may do")
    func issuers() throws {
        let root = try TestCA.root("Root")
        let namesake = try TestCA.root("Root")
        let other = try TestCA.root("Other")
        let expired = try TestCA(TestRecipe(subject: "CN=Old", notAfter: TestRecipe.expired, isCA: true))
        let leaf = try root.issue(TestRecipe(subject: "CN=leaf", keyUsage: GNUTLS_KEY_DIGITAL_SIGNATURE))
        let read = try GnuTLSCertificateReader(leaf.der)
        #expect(try read.isIssued(by: GnuTLSCertificateReader(root.der)))
        #expect(try !read.isIssued(by: GnuTLSCertificateReader(namesake.der)))
        #expect(try !read.isIssued(by: GnuTLSCertificateReader(other.der)))
        for issuer in [leaf, expired] {
            let below = try GnuTLSCertificateReader(issuer.issue(TestRecipe(subject: "CN=below")).der)
            #expect(try below.isIssued(by: GnuTLSCertificateReader(issuer.der)))
        }
        #expect(try GnuTLSCertificateReader(root.der).isIssued(by: GnuTLSCertificateReader(root.der)))
    }

    @Test("Every field of a CRL is read")
    func crl() throws {
        let root = try TestCA.root("Root")
        let namesake = try TestCA.root("Root")
        let crl = try GnuTLSCRLReader(root.crl(revoking: [[3], [0x11, 0x22]], nextUpdate: TestRecipe.expired))
        #expect(crl.issuer == "CN=Root")
        #expect(crl.thisUpdate == TestRecipe.past)
        #expect(crl.nextUpdate == TestRecipe.expired)
        #expect(crl.revokedSerials == [[3], [0x11, 0x22]])
        #expect(try crl.isIssued(by: GnuTLSCertificateReader(root.der)))
        #expect(try !crl.isIssued(by: GnuTLSCertificateReader(namesake.der)))
        #expect(try GnuTLSCRLReader(root.crl(revoking: [])).revokedSerials.isEmpty)
    }

    @Test("What is no certificate or CRL is an error")
    func unreadable() throws {
        for bytes: [UInt8] in [[], [0x30], [0x30, 0x80, 0, 0], [UInt8](repeating: 0xFF, count: 100)] {
            #expect(throws: GnuTLSError.self) { try GnuTLSCertificateReader(bytes) }
            #expect(throws: GnuTLSError.self) { try GnuTLSCRLReader(bytes) }
        }
        let whole = try TestCA.root("Root").der
        for length in 0..<whole.count {
            #expect(throws: GnuTLSError.self) { try GnuTLSCertificateReader(Array(whole.prefix(length))) }
        }
    }
}
