import ThrowawayPKI

/// 2025-06-15T12:00:00Z: tests don't look at the clock.
let noon: Int64 = 1_749_988_800

/// RSA keys of all tests together.
let sharedKeys = KeyPool()

func mint(
    _ certificates: [CertificateRecipe],
    crls: [CRLRecipe] = [],
    now: Int64 = noon,
    seed: UInt64 = 1,
    only: Set<String>? = nil
) throws -> PKI {
    try PKI.mint(
        Recipe(certificates: certificates, revocationLists: crls),
        now: now,
        seed: seed,
        keys: sharedKeys,
        only: only
    )
}

/// A root, an intermediate, a server and a client.
let ordinaryPKI: [CertificateRecipe] = [
    CertificateRecipe(name: "root", isCA: true),
    CertificateRecipe(name: "intermediate", issuer: "root", isCA: true, pathLength: 0),
    CertificateRecipe(
        name: "server",
        issuer: "intermediate",
        dnsNames: ["server.test"],
        ipAddresses: ["127.0.0.1", "::1"],
        extendedKeyUsages: ["serverAuth"]
    ),
    CertificateRecipe(name: "client", issuer: "root", extendedKeyUsages: ["clientAuth"]),
]
