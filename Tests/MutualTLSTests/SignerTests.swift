import MutualTLS
import OpenSSL
import OpenSSLMinting
import Synchronization
import Testing
import ThrowawayPKI

@Suite("Private keys that sign elsewhere")
struct SignerTests {
    private struct Unreachable: Error {}

    static let pki = TestPKI(
        [
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "rsa", issuer: "root", key: .rsa2048),
        ]
            + [("p256", KeyType.p256), ("p384", .p384), ("p521", .p521)].flatMap { name, key in
                [
                    CertificateRecipe(name: "server-\(name)", issuer: "root", key: key, dnsNames: ["server.test"]),
                    CertificateRecipe(name: "client-\(name)", issuer: "root", key: key),
                ]
            }
    )

    /// An identity whose key signs in a closure, by what the closure makes of the real key's signature.
    private func identity(
        _ name: String,
        alter: @escaping @Sendable ([UInt8]) throws -> [UInt8] = { $0 }
    ) throws -> Identity {
        let real = try Self.pki.identity(name)
        let key = real.credential.key
        let signer = try PrivateKey(for: real.certificate) { try alter(try key.signature(ofDigest: $0)) }
        return try Identity(chain: real.chain, privateKey: signer)
    }

    private func pair(_ version: TLSVersion, server: Identity, client: Identity) throws -> Pairing {
        let pool = try Self.pki.pool("root")
        let server = try serverSettings(version: version, pool: pool, identity: server)
        var clientSide = try clientSettings(client)
        clientSide.rootCAs = pool
        let pair = try Pairing(server: server, client: clientSide)
        try pair.exchange()
        return pair
    }

    @Test("serve both sides, on each curve", arguments: versions, ["p256", "p384", "p521"])
    func accepted(version: TLSVersion, curve: String) throws {
        let pair = try pair(version, server: identity("server-\(curve)"), client: identity("client-\(curve)"))
        #expect(pair.isAccepted)
        #expect(pair.server.information.isPeerVerified && pair.client.information.isPeerVerified)
    }

    @Test("whose signatures are wrong are refused by the peer", arguments: versions)
    func corrupt(version: TLSVersion) throws {
        let wrong = try identity("client-p256") { signature in signature.dropLast() + [(signature.last ?? 0) ^ 1] }
        let pair = try pair(version, server: identity("server-p256"), client: wrong)
        #expect(pair.server.failure?.reason == .badSignature)
        #expect(pair.server.information.alertSent == .decryptError)
    }

    @Test("that fail end the handshake, and this side's settings are named", arguments: versions)
    func failing(version: TLSVersion) throws {
        let failing = try identity("client-p256") { _ in throw Unreachable() }
        let client = try pair(version, server: identity("server-p256"), client: failing).client
        #expect(client.failure?.reason == .configuration && client.failure?.blame == .configuration)
        #expect(client.failure?.message.contains("the signer of the private key failed") == true)
        let long = try identity("server-p256") { _ in [UInt8](repeating: 1, count: 500) }
        let server = try pair(version, server: long, client: identity("client-p256")).server
        #expect(server.failure?.reason == .configuration && server.failure?.blame == .configuration)
        #expect(server.failure?.message.contains("a signature of a wrong length") == true)
    }

    @Test("are let go of with the last of their identity")
    func release() throws {
        final class Held: Sendable {}
        weak var held: Held?
        do {
            let object = Held()
            held = object
            let identity = try identity("client-p256") { signature in
                withExtendedLifetime(object) { signature }
            }
            #expect(try pair(.tls13, server: self.identity("server-p256"), client: identity).isAccepted)
        }
        #expect(held == nil)
    }

    @Test("belong to certificates with a key on a curve")
    func curves() throws {
        let leaf = try Self.pki.certificate("rsa")
        #expect(throws: MutualTLSError(.unusableIdentity, "")) { try PrivateKey(for: leaf) { $0 } }
    }

    @Test("belong to their certificate alone")
    func otherCertificate() throws {
        let key = try PrivateKey(for: Self.pki.certificate("client-p256")) { $0 }
        let chain = try Self.pki.identity("server-p256").chain
        #expect(throws: MutualTLSError(.mismatchedKey, "")) { try Identity(chain: chain, privateKey: key) }
    }
}
