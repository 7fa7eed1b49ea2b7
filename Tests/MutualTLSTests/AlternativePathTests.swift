import MutualTLS
import Testing
import ThrowawayPKI

/// An authority that two roots have signed, with both of its certificates sent, the useless one first.
@Suite("Both certificates of a cross-signed authority")
struct AlternativePathTests {
    private static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(name: "other-root", isCA: true),
        CertificateRecipe(name: "mid", issuer: "root", isCA: true),
        CertificateRecipe(
            name: "mid-by-other",
            issuer: "other-root",
            isCA: true,
            subject: Subject(commonName: "mid"),
            keyOf: "mid"
        ),
        CertificateRecipe(
            name: "server",
            issuer: "mid",
            dnsNames: ["server.test"],
            extendedKeyUsages: ["serverAuth"]
        ),
        CertificateRecipe(
            name: "expired",
            issuer: "mid",
            validFrom: -7_200,
            validTo: -3_600,
            dnsNames: ["server.test"]
        ),
        CertificateRecipe(
            name: "client-only",
            issuer: "mid",
            dnsNames: ["server.test"],
            extendedKeyUsages: ["clientAuth"]
        ),
    ])

    private func pair(_ leaf: String, expecting name: String) throws -> Pairing {
        var server = MutualTLSConfiguration.Server(
            identity: try Self.pki.identity(leaf, with: ["mid-by-other", "mid"]),
            currentTime: clock
        )
        server.clientAuth = .noClientCert
        var client = MutualTLSConfiguration.Client(currentTime: clock)
        client.rootCAs = try Self.pki.pool("root")
        client.serverName = try ServerName(name)
        let pair = try Pairing(server.resolve(), client.resolve())
        pair.run()
        return pair
    }

    @Test("lead to the pool by the one that fits")
    func accepted() throws {
        let pair = try pair("server", expecting: "server.test")
        #expect(pair.client.state == .established)
        #expect(pair.client.information.verifiedChain.map(\.commonName) == ["server", "mid", "root"])
    }

    @Test(
        "leave every other check as it is",
        arguments: [
            ("server", "other.test", ConnectionFailure.Reason.nameMismatch), ("expired", "server.test", .expired),
            ("client-only", "server.test", .purpose),
        ]
    )
    func refused(leaf: String, name: String, reason: ConnectionFailure.Reason) throws {
        let pair = try pair(leaf, expecting: name)
        #expect(pair.client.state == .failed)
        #expect(!pair.client.information.isPeerVerified)
        // The first look found no path; what the second one found is not told, and is a refusal all the same.
        #expect([reason, .unknownAuthority].contains(pair.client.failure?.reason))
    }
}
