import MutualTLS
import ThrowawayPKI

/// Certificates whose times differ, and lists that come one after the other.
let sessionPKI = TestPKI(
    [
        CertificateRecipe(name: "root", isCA: true, validFrom: -630_720_000, validTo: 630_720_000),
        CertificateRecipe(
            name: "server",
            issuer: "root",
            validFrom: -630_720_000,
            validTo: 630_720_000,
            dnsNames: ["server.test"],
            extendedKeyUsages: ["serverAuth"]
        ),
        CertificateRecipe(
            name: "short-server",
            issuer: "root",
            validTo: 600,
            dnsNames: ["server.test"],
            extendedKeyUsages: ["serverAuth"]
        ),
        client("client", validFrom: -630_720_000, validTo: 630_720_000),
        client("short", validTo: 600),
        CertificateRecipe(name: "short-intermediate", issuer: "root", isCA: true, validTo: 600),
        client("by-short-intermediate", issuer: "short-intermediate"),
    ],
    crls: [
        CRLRecipe(name: "nothing-revoked", issuer: "root"),
        CRLRecipe(name: "client-revoked", issuer: "root", revokes: ["client"]),
        CRLRecipe(name: "short-list", issuer: "root", nextUpdate: 600),
    ]
)

extension SessionPair {
    /// A pair with certificates of ``sessionPKI``.
    static func lasting(_ credential: String, with others: [String] = [], server: String = "server") throws -> Self {
        var pair = try SessionPair(.tls13)
        pair.server.minimumVersion = .tls12
        pair.client.minimumVersion = .tls12
        pair.server.identity = try sessionPKI.identity(server)
        pair.server.clientCAs = try sessionPKI.pool("root")
        pair.client.identity = try sessionPKI.identity(credential, with: others)
        pair.client.rootCAs = try sessionPKI.pool("root")
        return pair
    }

    mutating func speak(_ version: TLSVersion) {
        server.minimumVersion = version
        server.maximumVersion = version
        client.minimumVersion = version
        client.maximumVersion = version
    }
}
