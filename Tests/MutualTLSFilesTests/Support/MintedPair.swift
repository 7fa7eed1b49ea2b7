import MutualTLS
import Testing
import ThrowawayPKI

/// Two generations of one identity and their root, minted once.
enum MintedPair {
    static let pki = Result {
        try PKI.mint(
            Recipe(certificates: [
                CertificateRecipe(name: "root", isCA: true),
                CertificateRecipe(name: "old", issuer: "root"),
                CertificateRecipe(name: "new", issuer: "root"),
            ]),
            now: 1_800_000_000,
            seed: 3,
            keys: KeyPool()
        )
    }

    static func entity(_ name: String) throws -> PKIEntity { try #require(pki.get()[name]) }

    static func certificate(_ name: String) throws -> String { try entity(name).certificatePEM }

    static func key(_ name: String) throws -> String { try entity(name).privateKeyPEM }
}

let noon = Timestamp(secondsSinceEpoch: 1_800_000_000)
