import ConformanceCatalogue
import ConformanceModel
import Testing

@Suite("The recipes that a case carries")
struct MaterialTests {
    private func conformanceCase(_ suffix: String) throws -> ConformanceCase {
        let scenario = try Catalogue.scenario(yaml: ScenarioText.valid, file: ScenarioText.file)
        return try #require(scenario.cases.first { $0.id == "area/topic/\(suffix)/tls1.3/gnutls/gnutls" })
    }

    @Test("A certificate presents itself and its issuers without the root")
    func chains() throws {
        let pki = try conformanceCase("Request/client/unchecked").pki
        #expect(pki.credentials["client"]?.chain == ["mid"])
        #expect(pki.credentials["server"]?.chain == [])
        #expect(pki.credentials["client"]?.certificate == "client")
    }

    @Test("Only what the case and its control use is there, with all issuers")
    func closure() throws {
        let plain = try conformanceCase("Request/none/unchecked").pki
        #expect(Set(plain.certificates.keys) == ["root", "mid", "server", "client"])
        #expect(Set(plain.credentials.keys) == ["server", "client"])
        #expect(plain.revocationLists.isEmpty)
        let expired = try conformanceCase("Request/expired/unchecked").pki
        #expect(Set(expired.certificates.keys) == ["root", "mid", "server", "client", "expired"])
    }

    @Test("A list brings its issuer and the certificates that it revokes")
    func lists() throws {
        let pki = try conformanceCase("Request/none/checked").pki
        #expect(Set(pki.certificates.keys) == ["root", "mid", "server", "client", "expired"])
        #expect(pki.revocationLists["list"]?.revokes == ["expired"])
        #expect(pki.revocationLists["list"]?.issuer == "root")
    }

    @Test("Recipes are read field by field")
    func fields() throws {
        let yaml = ScenarioText.replacing(
            "  client: {issuer: mid, eku: [clientAuth]}",
            with: """
                  client:
                    issuer: mid
                    cn: ""
                    org: Org
                    key: rsa-pss
                    version: 3
                    valid: {from: -90m, to: 3650d}
                    dns: [a.test]
                    ip: [127.0.0.1, "::1"]
                    uri: ["spiffe://a/b"]
                    email: [a@b.test]
                    eku: [any, 1.2.3.4]
                    ku: none
                    path-length: 0
                    name-constraints: {permitted: {dns: [a.test], email: [b.test]}, excluded: {ip: [10.0.0.0/8], uri: [c.test]}}
                    unknown-critical-extension: true
                """
        )
        let scenario = try Catalogue.scenario(yaml: yaml, file: ScenarioText.file)
        let client = try #require(scenario.cases.last?.pki.certificates["client"])
        var expected = CertificateSpecification(name: "client", issuer: "mid")
        expected.commonName = ""
        expected.organization = "Org"
        expected.key = .rsaPSS
        expected.validFrom = -5400
        expected.validTo = 315_360_000
        expected.dnsNames = ["a.test"]
        expected.ipAddresses = ["127.0.0.1", "::1"]
        expected.uris = ["spiffe://a/b"]
        expected.emailAddresses = ["a@b.test"]
        expected.extendedKeyUsages = ["any", "1.2.3.4"]
        expected.keyUsages = []
        expected.pathLength = 0
        var constraints = NameConstraintsSpecification()
        constraints.permittedDNS = ["a.test"]
        constraints.permittedEmail = ["b.test"]
        constraints.excludedIP = ["10.0.0.0/8"]
        constraints.excludedURI = ["c.test"]
        expected.nameConstraints = constraints
        expected.hasUnknownCriticalExtension = true
        #expect(client == expected)
    }
}
