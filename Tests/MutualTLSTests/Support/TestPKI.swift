import MutualTLS
import ThrowawayPKI

/// 2025-06-15T12:00:00Z: tests don't look at the clock.
let noon: Int64 = 1_749_988_800

let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: noon) }

private let sharedKeys = KeyPool()

/// A minted PKI, read through the library's own types.
struct TestPKI: Sendable {
    let pki: PKI

    init(_ certificates: [CertificateRecipe], crls: [CRLRecipe] = []) {
        do {
            pki = try PKI.mint(
                Recipe(certificates: certificates, revocationLists: crls),
                now: noon,
                seed: 1,
                keys: sharedKeys
            )
        } catch {
            fatalError("the recipe of a test doesn't mint: \(error)")
        }
    }

    func entity(_ name: String) -> PKIEntity {
        guard let entity = pki[name] else { fatalError("the recipe has no \(name)") }
        return entity
    }

    func certificate(_ name: String) throws -> Certificate {
        try Certificate(der: entity(name).certificateDER)
    }

    func key(_ name: String) throws -> PrivateKey {
        try PrivateKey(der: entity(name).privateKeyPKCS8)
    }

    /// An identity with the named certificates, leaf first; by default the leaf alone.
    func identity(_ name: String, with others: [String] = []) throws -> Identity {
        try Identity(chain: try ([name] + others).map(certificate), privateKey: key(name))
    }

    func pool(_ names: String...) throws -> CertificatePool {
        CertificatePool(try names.map(certificate))
    }

    func crl(_ name: String) throws -> CertificateRevocationList {
        guard let der = pki.crl(name) else { fatalError("the recipe has no CRL \(name)") }
        return try CertificateRevocationList(der: der)
    }
}

/// The PKI that most tests share: one root, its servers, and every credential of the catalogue.
let shared = TestPKI(
    [
        CertificateRecipe(name: "root", isCA: true, keyUsages: ["keyCertSign", "cRLSign"]),
        CertificateRecipe(name: "other-root", isCA: true),
        CertificateRecipe(name: "expired-root", isCA: true, validFrom: -172_800, validTo: -86_400),
        CertificateRecipe(
            name: "server",
            issuer: "root",
            dnsNames: ["server.test"],
            ipAddresses: ["127.0.0.1", "::1"],
            extendedKeyUsages: ["serverAuth"]
        ),
        CertificateRecipe(
            name: "server-2",
            issuer: "root",
            dnsNames: ["server.test"],
            extendedKeyUsages: ["serverAuth"]
        ),
        client("client"),
        client("client-2"),
        client("untrusted", issuer: "other-root"),
        client("expired", validFrom: -172_800, validTo: -86_400),
        client("not-yet-valid", validFrom: 86_400, validTo: 172_800),
        client("self-signed", issuer: nil),
        client("pinned-self-signed", issuer: nil),
        // As `openssl req -x509` makes them: a CA without a key usage.
        CertificateRecipe(name: "pinned-ca", isCA: true, keyUsages: []),
        client("minted-by-pinned-ca", issuer: "pinned-ca"),
        client("pinned-expired", issuer: nil, validFrom: -172_800, validTo: -86_400),
        client("pinned-server-auth", issuer: nil, usages: ["serverAuth"]),
        client("pinned-issued", issuer: "other-root"),
        client("server-auth", usages: ["serverAuth"]),
        client("no-eku", usages: nil),
        client("any-eku", usages: ["any"]),
        CertificateRecipe(name: "key-encipherment", issuer: "root", keyUsages: ["keyEncipherment"]),
        CertificateRecipe(name: "key-agreement", issuer: "root", keyUsages: ["keyAgreement"]),
        CertificateRecipe(name: "intermediate", issuer: "root", isCA: true, pathLength: 0),
        client("by-intermediate", issuer: "intermediate"),
        CertificateRecipe(name: "sub-intermediate", issuer: "intermediate", isCA: true),
        client("too-deep", issuer: "sub-intermediate"),
        CertificateRecipe(
            name: "server-intermediate",
            issuer: "root",
            isCA: true,
            extendedKeyUsages: ["serverAuth"]
        ),
        client("under-server-intermediate", issuer: "server-intermediate"),
        client("by-expired-root", issuer: "expired-root"),
        client("by-client", issuer: "client"),
        client("rsa-1024", key: .rsa1024),
        client("rsa-2048", key: .rsa2048),
        client("ed25519", key: .ed25519),
        CertificateRecipe(name: "critical-extension", issuer: "root", hasUnknownCriticalExtension: true),
        CertificateRecipe(name: "version-1", issuer: "root", version: 1),
        client("revoked"),
        CertificateRecipe(
            name: "constrained",
            issuer: "root",
            isCA: true,
            nameConstraints: NameConstraints(permitted: .init(dnsNames: ["good.test"]))
        ),
        CertificateRecipe(name: "constraint-kept", issuer: "constrained", dnsNames: ["a.good.test"]),
        CertificateRecipe(name: "constraint-violated", issuer: "constrained", dnsNames: ["evil.test"]),
    ],
    crls: [
        CRLRecipe(name: "root-crl", issuer: "root", revokes: ["revoked"]),
        CRLRecipe(name: "intermediate-crl", issuer: "intermediate"),
        CRLRecipe(name: "stale-crl", issuer: "root", thisUpdate: -172_800, nextUpdate: -86_400),
        CRLRecipe(name: "forged-crl", issuer: "root", signedBy: "other-root"),
    ]
)

func client(
    _ name: String,
    issuer: String? = "root",
    key: KeyType = .p256,
    validFrom: Int64 = -3_600,
    validTo: Int64 = 86_400,
    usages: [String]? = ["clientAuth"]
) -> CertificateRecipe {
    CertificateRecipe(
        name: name,
        issuer: issuer,
        key: key,
        validFrom: validFrom,
        validTo: validTo,
        extendedKeyUsages: usages
    )
}
