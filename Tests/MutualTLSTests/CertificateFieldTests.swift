import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Certificate fields")
struct CertificateFieldTests {
    static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true, subject: Subject(commonName: "Wurzel, Ä\n", organization: "A+B")),
        CertificateRecipe(
            name: "leaf",
            issuer: "root",
            subject: Subject(commonName: "alice", organization: "Example"),
            validFrom: -60,
            validTo: 60,
            dnsNames: ["a.test", "b.test"],
            ipAddresses: ["127.0.0.1", "2001:db8::1"],
            uris: ["spiffe://test/alice"],
            emailAddresses: ["alice@a.test"],
            extendedKeyUsages: ["clientAuth", "any"],
            serial: [0x0A, 0xFF]
        ),
        CertificateRecipe(name: "nameless", issuer: "root", subject: Subject(), version: 1, serial: [1]),
    ])

    @Test("of a leaf")
    func leaf() throws {
        let leaf = try Self.pki.certificate("leaf")
        #expect(leaf.serialNumber == "0AFF")
        #expect(leaf.subject.text == "CN=alice,O=Example")
        #expect("\(leaf)" == "CN=alice,O=Example (serial 0AFF)")
        #expect(leaf.commonName == "alice")
        #expect(leaf.organizations == ["Example"])
        #expect(leaf.dnsNames == ["a.test", "b.test"])
        #expect(leaf.ipAddresses == ["127.0.0.1", "2001:db8::1"])
        #expect(leaf.uris == ["spiffe://test/alice"])
        #expect(leaf.emailAddresses == ["alice@a.test"])
        #expect(leaf.extendedKeyUsages == ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"])
        #expect(leaf.notBefore == Timestamp(secondsSinceEpoch: noon - 60))
        #expect(leaf.notAfter == Timestamp(secondsSinceEpoch: noon + 60))
        #expect(leaf.version == 3)
        #expect(!leaf.isCertificateAuthority)
        #expect(!leaf.isSelfIssued)
        #expect(leaf.issuer == (try Self.pki.certificate("root").subject))
        #expect(leaf.sha256Hexadecimal == Self.pki.entity("leaf").sha256Hex)
        #expect(leaf.derBytes == Self.pki.entity("leaf").certificateDER)
    }

    @Test("of a root, whose name is escaped where RFC 4514 says so, and where a log would break")
    func root() throws {
        let root = try Self.pki.certificate("root")
        #expect(root.isCertificateAuthority)
        #expect(root.isSelfIssued)
        #expect(root.subject.text == "CN=Wurzel\\, Ä\\0A,O=A\\+B")
        #expect(root.extendedKeyUsages == nil)
    }

    @Test("of a version 1 certificate without a name")
    func nameless() throws {
        let certificate = try Self.pki.certificate("nameless")
        #expect(certificate.version == 1)
        #expect(certificate.commonName == nil)
        #expect("\(certificate)" == "(empty name) (serial 01)")
        #expect(certificate.dnsNames.isEmpty)
    }

    @Test(
        "times are written in the form of RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (noon, "2025-06-15T12:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)]
    )
    func timestamps(seconds: Int64, text: String) {
        #expect(Timestamp(secondsSinceEpoch: seconds).description == text)
    }
}

@Suite("Alerts")
struct AlertTests {
    @Test("have IANA's names, and keep unknown numbers")
    func names() {
        #expect(Alert.certificateRequired.rawValue == 116)
        #expect(Alert.certificateRequired.name == "certificate_required")
        #expect("\(Alert.unknownCA)" == "unknown_ca (48)")
        #expect(Alert(rawValue: 200).name == "alert_200")
        #expect(Alert(rawValue: 200) == Alert(rawValue: 200))
    }
}
