import GnuTLSPeer
import PKIReadback
import Testing
import ThrowawayPKI

@Suite("The credentials of mutual TLS tests, compared with their recipes")
struct CredentialCatalogueTests {
    @Test("Every credential is minted as its recipe says")
    func catalogue() throws {
        let recipe = Recipe(certificates: Self.catalogue)
        let pki = try mint(recipe.certificates)
        #expect(try RecipeComparison(recipe: recipe, pki: pki, now: noon).differences() == [])
    }

    @Test(
        "The comparison notices a difference in any field",
        arguments: changes
    )
    func sensitivity(change: Change) throws {
        let catalogue = Self.catalogue.filter { ["root", "other-root", "valid"].contains($0.name) }
        let pki = try mint(catalogue)
        var changed = Recipe(certificates: catalogue)
        let index = try #require(changed.certificates.firstIndex { $0.name == "valid" })
        change.edit(&changed.certificates[index])
        let differences = try RecipeComparison(recipe: changed, pki: pki, now: noon).differences()
        #expect(differences.contains { $0.hasPrefix("valid.\(change.field): ") })
    }

    /// A change of a recipe after it was minted.
    struct Change: Sendable, CustomTestStringConvertible {
        let field: String
        let edit: @Sendable (inout CertificateRecipe) -> Void

        var testDescription: String { field }
    }

    private static let changes: [Change] = [
        Change(field: "version") { $0.version = 1 },
        Change(field: "subject") { $0.subject.organization = "Other" },
        Change(field: "issuer") { $0.issuer = "other-root" },
        Change(field: "validFrom") { $0.validFrom += 1 },
        Change(field: "validTo") { $0.validTo -= 1 },
        Change(field: "key") { $0.key = .p384 },
        Change(field: "isCA") { $0.isCA = true },
        Change(field: "keyUsages") { $0.keyUsages = ["keyAgreement"] },
        Change(field: "extendedKeyUsages") { $0.extendedKeyUsages = ["serverAuth"] },
        Change(field: "dnsNames") { $0.dnsNames = ["other.test"] },
        Change(field: "ipAddresses") { $0.ipAddresses = ["::2"] },
        Change(field: "uris") { $0.uris = ["urn:x"] },
        Change(field: "emailAddresses") { $0.emailAddresses = ["a@b.test"] },
        Change(field: "permitted") { $0.nameConstraints = NameConstraints(permitted: .init(dnsNames: ["a.test"])) },
        Change(field: "excluded") { $0.nameConstraints = NameConstraints(excluded: .init(ipRanges: ["10.0.0.0/8"])) },
        Change(field: "unknownExtension") { $0.hasUnknownCriticalExtension = true },
        Change(field: "serial") { $0.serial = [1] },
    ]

    private static func client(
        _ name: String,
        issuer: String? = "root",
        _ edit: (inout CertificateRecipe) -> Void = { _ in }
    ) -> CertificateRecipe {
        var recipe = CertificateRecipe(name: name, issuer: issuer, extendedKeyUsages: ["clientAuth"])
        edit(&recipe)
        return recipe
    }

    private static let catalogue: [CertificateRecipe] =
        [
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "other-root", isCA: true),
            CertificateRecipe(name: "expired-root", isCA: true, validFrom: -172_800, validTo: -86_400),
            CertificateRecipe(name: "intermediate", issuer: "root", isCA: true, pathLength: 0),
            CertificateRecipe(name: "too-deep", issuer: "intermediate", isCA: true),
            CertificateRecipe(
                name: "constrained",
                issuer: "root",
                isCA: true,
                nameConstraints: NameConstraints(
                    permitted: .init(dnsNames: ["good.test"], ipRanges: ["10.0.0.0/8"]),
                    excluded: .init(dnsNames: ["bad.good.test"], emailAddresses: ["mail.test"], uriHosts: [".uri.test"])
                )
            ),
            client("valid"),
            client("untrusted", issuer: "other-root"),
            client("expired") { ($0.validFrom, $0.validTo) = (-172_800, -86_400) },
            client("not-yet-valid") { ($0.validFrom, $0.validTo) = (86_400, 172_800) },
            client("self-signed", issuer: nil),
            client("self-signed-ca", issuer: nil) { $0.isCA = true },
            client("wrong-eku") { $0.extendedKeyUsages = ["serverAuth"] },
            client("any-eku") { $0.extendedKeyUsages = ["any"] },
            client("no-eku") { $0.extendedKeyUsages = nil },
            client("key-encipherment") { $0.keyUsages = ["keyEncipherment"] },
            client("key-agreement") { $0.keyUsages = ["keyAgreement"] },
            client("no-key-usage") { $0.keyUsages = [] },
            client("below-intermediate", issuer: "intermediate"),
            client("below-too-deep", issuer: "too-deep"),
            client("below-leaf", issuer: "valid"),
            client("below-expired-root", issuer: "expired-root"),
            client("name-kept", issuer: "constrained") { $0.dnsNames = ["a.good.test"] },
            client("name-violated", issuer: "constrained") { $0.dnsNames = ["a.bad.good.test"] },
            client("untrusted-expired", issuer: "other-root") { ($0.validFrom, $0.validTo) = (-172_800, -86_400) },
            client("expired-wrong-eku") {
                ($0.validFrom, $0.validTo) = (-172_800, -86_400)
                $0.extendedKeyUsages = ["serverAuth"]
            },
            client("unknown-critical") { $0.hasUnknownCriticalExtension = true },
            client("version-1") { ($0.version, $0.extendedKeyUsages) = (1, nil) },
            client("renewed") { ($0.keyOf, $0.subject) = ("valid", Subject(commonName: "valid")) },
            client("numbered") { $0.serial = [0x12, 0x34] },
            CertificateRecipe(
                name: "server",
                issuer: "root",
                subject: Subject(commonName: "server", organization: "Test"),
                dnsNames: ["server.test", "*.example.test"],
                ipAddresses: ["127.0.0.1", "::1"],
                uris: ["spiffe://test/server"],
                emailAddresses: ["node@server.test"],
                extendedKeyUsages: ["serverAuth", "clientAuth"]
            ),
        ] + KeyType.allCases.map { type in client("key-\(type.rawValue)") { $0.key = type } }
}
