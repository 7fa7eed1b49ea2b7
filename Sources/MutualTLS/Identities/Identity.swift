public import Logging
package import OpenSSL
internal import Synchronization

/// A certificate chain and the private key of its first certificate.
///
/// The two always match: there is no public way to make an identity whose key belongs to another certificate.
public struct Identity: Sendable {
    /// The certificates as they are sent, leaf first. They are sent so, and never completed from a pool.
    public let chain: [Certificate]
    package let credential: Credential
    /// A SHA-256 digest of the chain: 32 bytes.
    let digest: [UInt8]

    /// Puts a chain, leaf first, and its key together.
    ///
    /// It throws for an empty chain, and for a key that doesn't belong to the first certificate. Whether the chain
    /// is complete, valid or trusted is for the peer to judge, and isn't checked.
    public init(chain: [Certificate], privateKey: PrivateKey) throws(MutualTLSError) {
        guard let leaf = chain.first else {
            throw MutualTLSError(.emptyChain, "Expected a certificate chain, leaf first, found no certificate.")
        }
        guard leaf.x509.matches(privateKey: privateKey.key) else {
            throw Identity.mismatch(chain, privateKey)
        }
        self.chain = chain
        digest = sha256(chain.flatMap(\.sha256))
        do {
            credential = try Credential(
                leaf: leaf.x509,
                intermediates: chain.dropFirst().map(\.x509),
                key: privateKey.key
            )
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not keep the chain of \(leaf).", cause: error)
        }
    }

    /// The first certificate of the chain, which the key belongs to.
    public var certificate: Certificate { chain[0] }

    private static func mismatch(_ chain: [Certificate], _ privateKey: PrivateKey) -> MutualTLSError {
        let hint =
            chain.firstIndex { $0.x509.matches(privateKey: privateKey.key) }
            .map { "It belongs to certificate \($0 + 1), \(chain[$0]): put that one first." }
            ?? "Pair the certificate with the key that it was requested with."
        return MutualTLSError(
            .mismatchedKey,
            "Expected the private key of \(chain[0]), found an \(privateKey) that is another's. \(hint)"
        )
    }
}

extension Identity: IdentityProvider {
    /// Itself, for good.
    public var identity: Identity { self }
}

extension Identity: CustomStringConvertible {
    /// The leaf's subject and serial number.
    public var description: String { "\(certificate)" }
}

/// Something that has an identity to present: one identity for good, or a manager that rotates it.
public protocol IdentityProvider: Sendable {
    /// The identity for handshakes that begin now. Each handshake asks once, and keeps the answer to its end.
    var identity: Identity { get }
}

/// Holds an identity and rotates it while servers and clients use it.
///
/// A handshake takes the identity when the ClientHello is processed (servers) or sent (clients). An update changes
/// what later handshakes take; established connections keep theirs and go on reporting it.
public final class CertManager: IdentityProvider {
    private let current: Mutex<Identity>
    private let logger: Logger?

    /// Starts with an identity.
    public init(_ identity: Identity, logger: Logger? = nil) {
        current = Mutex(identity)
        self.logger = logger
    }

    /// The identity that a handshake would take now. What a connection really uses is in its
    /// ``ConnectionInformation/localCertificate``.
    public var identity: Identity { current.withLock { $0 } }

    /// Replaces the identity, chain and key in one step.
    public func update(_ identity: Identity) {
        current.withLock { $0 = identity }
        logger?.info("identity updated", metadata: ["certificate": "\(identity)"])
    }
}
