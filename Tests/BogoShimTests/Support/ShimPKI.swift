import Foundation
import MutualTLS
import ThrowawayPKI

@testable import bogo_shim

/// 2025-06-15T12:00:00Z: tests don't look at the clock.
private let noon: Int64 = 1_749_988_800

let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: noon) }

/// The identities of the shim and its peer, as the files that the runner names.
struct ShimPKI {
    let folder: String

    static let shared = ShimPKI()

    private init() {
        folder = NSTemporaryDirectory() + "countersign-bogo-\(UUID().uuidString)"
        do {
            let recipe = Recipe(
                certificates: [
                    CertificateRecipe(name: "root", isCA: true),
                    CertificateRecipe(name: "other-root", isCA: true),
                    CertificateRecipe(name: "intermediate", issuer: "root", isCA: true),
                    CertificateRecipe(
                        name: "server",
                        issuer: "intermediate",
                        dnsNames: ["server.test"],
                        extendedKeyUsages: ["serverAuth"]
                    ),
                    CertificateRecipe(name: "client", issuer: "intermediate", extendedKeyUsages: ["clientAuth"]),
                ],
                revocationLists: []
            )
            try PKI.mint(recipe, now: noon, seed: 1, keys: KeyPool()).write(to: folder)
        } catch {
            fatalError("the recipe of the tests doesn't mint: \(error)")
        }
    }

    func certificate(_ name: String) -> String { "\(folder)/\(name).crt" }
    func chain(_ name: String) -> String { "\(folder)/\(name).chain.crt" }
    func key(_ name: String) -> String { "\(folder)/\(name).key" }

    /// The flags that the runner gives for an identity.
    func flags(for name: String) -> [String] { ["-cert-file", chain(name), "-key-file", key(name)] }

    func pool(_ name: String) throws -> CertificatePool {
        CertificatePool(try certificates(in: certificate(name)))
    }

    func certificates(in file: String) throws -> [Certificate] {
        try Certificate.certificates(inPEM: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
    }

    func identity(_ name: String) throws -> Identity {
        let key = try PrivateKey(pem: [UInt8](Data(contentsOf: URL(fileURLWithPath: key(name)))))
        return try Identity(chain: certificates(in: chain(name)), privateKey: key)
    }
}

/// The flags of both connections that a command line gives.
func parse(_ arguments: String...) throws(FlagError) -> (initial: ShimFlags, resumed: ShimFlags) {
    try parse(arguments)
}

func parse(_ arguments: [String]) throws(FlagError) -> (initial: ShimFlags, resumed: ShimFlags) {
    guard case .connect(let initial, let resumed) = try ShimCommand(arguments: ["-port", "1"] + arguments) else {
        return (ShimFlags(), ShimFlags())
    }
    return (initial, resumed)
}
