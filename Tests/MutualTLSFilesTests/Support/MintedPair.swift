import MutualTLS
import Testing
import ThrowawayPKI

/// Two generations of one identity, two authorities, and two lists of one of them, minted once.
enum MintedPair {
    static let pki = Result {
        try PKI.mint(
            Recipe(
                certificates: [
                    CertificateRecipe(name: "root", isCA: true),
                    CertificateRecipe(name: "old", issuer: "root"),
                    CertificateRecipe(name: "new", issuer: "root"),
                    CertificateRecipe(name: "other-root", isCA: true),
                ],
                revocationLists: [
                    CRLRecipe(name: "nobody", issuer: "root"),
                    CRLRecipe(name: "old-revoked", issuer: "root", revokes: ["old"]),
                ]
            ),
            now: 1_800_000_000,
            seed: 3,
            keys: KeyPool()
        )
    }

    static func entity(_ name: String) throws -> PKIEntity { try #require(pki.get()[name]) }

    static func certificate(_ name: String) throws -> String { try entity(name).certificatePEM }

    static func revocationList(_ name: String) throws -> String { try #require(pki.get().crlPEM(name)) }

    static func key(_ name: String) throws -> String { try entity(name).privateKeyPEM }
}

let noon = Timestamp(secondsSinceEpoch: 1_800_000_000)
