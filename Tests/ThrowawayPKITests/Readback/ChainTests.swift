import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Chains, verified by GnuTLS")
struct ChainTests {
    @Test("Each entry is signed by its issuer and by nobody else")
    func signatures() throws {
        let pki = try mint(ordinaryPKI)
        for name in pki.names {
            let certificate = try read(name, of: pki)
            let signer = pki[name]?.issuerName ?? name
            for candidate in pki.names {
                #expect(try certificate.isIssued(by: read(candidate, of: pki)) == (candidate == signer))
            }
        }
    }

    @Test("Every kind of key signs every kind of key", arguments: KeyType.allCases, KeyType.allCases)
    func mixedChains(issuer: KeyType, leaf: KeyType) throws {
        let pki = try mint([
            CertificateRecipe(name: "root", isCA: true, key: issuer),
            CertificateRecipe(name: "leaf", issuer: "root", key: leaf),
        ])
        #expect(try read("leaf", of: pki).isIssued(by: read("root", of: pki)))
    }

    @Test("Two CAs of one name have keys and identifiers of their own")
    func equalNames() throws {
        let subject = Subject(commonName: "CA", organization: "Two of a name")
        let pki = try mint([
            CertificateRecipe(name: "first", isCA: true, subject: subject),
            CertificateRecipe(name: "second", isCA: true, subject: subject),
            CertificateRecipe(name: "leaf", issuer: "second"),
        ])
        let first = try read("first", of: pki)
        let second = try read("second", of: pki)
        let leaf = try read("leaf", of: pki)
        #expect(first.subject == second.subject)
        #expect(leaf.issuer == first.subject)
        #expect(try leaf.isIssued(by: second))
        #expect(try !leaf.isIssued(by: first))
        #expect(try subjectKeyIdentifier(of: first) != subjectKeyIdentifier(of: second))
        #expect(try authorityKeyIdentifier(of: leaf) == subjectKeyIdentifier(of: second))
    }

    @Test("A cross-signed CA has one key and one name, and two issuers")
    func crossSigning() throws {
        let pki = try mint([
            CertificateRecipe(name: "old root", isCA: true),
            CertificateRecipe(name: "new root", isCA: true),
            CertificateRecipe(
                name: "new root by old root",
                issuer: "old root",
                isCA: true,
                subject: Subject(commonName: "new root"),
                keyOf: "new root"
            ),
            CertificateRecipe(name: "leaf", issuer: "new root"),
        ])
        let leaf = try read("leaf", of: pki)
        let cross = try read("new root by old root", of: pki)
        #expect(cross.issuer == "CN=old root")
        #expect(try cross.isIssued(by: read("old root", of: pki)))
        #expect(try leaf.isIssued(by: cross))
        #expect(try leaf.isIssued(by: read("new root", of: pki)))
        #expect(try authorityKeyIdentifier(of: leaf) == subjectKeyIdentifier(of: cross))
        #expect(
            try authorityKeyIdentifier(of: cross) == subjectKeyIdentifier(of: read("old root", of: pki))
        )
    }

    @Test("An entry that is no CA can issue too: verifiers must notice, not we")
    func issuedByLeaf() throws {
        let pki = try mint(ordinaryPKI + [CertificateRecipe(name: "grandchild", issuer: "client")])
        #expect(try read("grandchild", of: pki).isIssued(by: read("client", of: pki)))
    }

    /// OID, octet string, octet string: RFC 5280 section 4.2.1.2.
    private func subjectKeyIdentifier(of certificate: GnuTLSCertificateReader) throws -> [UInt8] {
        try identifier(in: certificate, after: [0x06, 0x03, 0x55, 0x1D, 0x0E, 0x04, 0x16, 0x04, 0x14])
    }

    /// OID, octet string, sequence, keyIdentifier [0]: RFC 5280 section 4.2.1.1.
    private func authorityKeyIdentifier(of certificate: GnuTLSCertificateReader) throws -> [UInt8] {
        try identifier(in: certificate, after: [0x06, 0x03, 0x55, 0x1D, 0x23, 0x04, 0x18, 0x30, 0x16, 0x80, 0x14])
    }

    private func identifier(in certificate: GnuTLSCertificateReader, after prefix: [UInt8]) throws -> [UInt8] {
        let range = try #require(certificate.der.firstRange(of: prefix))
        return Array(certificate.der[range.upperBound...].prefix(20))
    }
}
