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

extension Certificate {
    /// The SPIFFE ID of an X509-SVID, for example `spiffe://example.test/billing`, or nil for a certificate that is none.
    ///
    /// The standard asks for a leaf with exactly one URI among its names, which is a SPIFFE ID, and without the power to
    /// sign certificates or revocation lists (X509-SVID sections 2, 4 and 5.2). A certificate that breaks any of it has
    /// no SPIFFE ID, whatever stands in its names.
    public var spiffeID: String? {
        claimsSPIFFEID && spiffeDefect == nil ? uris.first : nil
    }

    /// Why a certificate that means to have a SPIFFE ID has none, in words that follow "it"; nil for an X509-SVID, and for
    /// a certificate that means nothing of the kind.
    package var spiffeDefect: String? {
        guard claimsSPIFFEID else { return nil }
        let names = x509.alternativeNames
        guard names.uriCount == 1, let uri = names.uris.first else {
            return "has \(names.uriCount) URIs, where an X509-SVID has exactly one"
        }
        if names.hasMalformedName { return "has a name with bytes outside ASCII" }
        if !Certificate.isSPIFFEID(uri) { return "has the URI \(EscapedText(uri)), which is no SPIFFE ID" }
        if x509.isCertificateAuthority { return "is a certificate authority, and an X509-SVID of a workload is none" }
        if let usage = x509.keyUsage, !usage.isDisjoint(with: [.keyCertSign, .cRLSign]) {
            return "may sign certificates or revocation lists, which an X509-SVID of a workload must not"
        }
        return nil
    }

    /// Whether one of its URIs means to be a SPIFFE ID, rightly or not.
    package var claimsSPIFFEID: Bool {
        x509.alternativeNames.uris.contains {
            DNSNameKey($0.prefix(Certificate.spiffeScheme.count)).bytes.elementsEqual(Certificate.spiffeScheme.utf8)
        }
    }

    private static let spiffeScheme = "spiffe://"

    /// The syntax of SPIFFE-ID sections 2.1 to 2.3.
    private static func isSPIFFEID(_ uri: String) -> Bool {
        guard uri.utf8.starts(with: spiffeScheme.utf8), uri.utf8.count <= 2_048 else { return false }
        let parts = uri.utf8.dropFirst(spiffeScheme.utf8.count).split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let domain = parts.first, !domain.isEmpty, domain.count <= 255, domain.allSatisfy(isOfTrustDomain) else {
            return false
        }
        return parts.dropFirst().allSatisfy { segment in
            !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
                && segment.allSatisfy { isOfTrustDomain($0) || (0x41...0x5A).contains($0) }
        }
    }

    private static func isOfTrustDomain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}

extension String {
    /// Whether both are the same bytes in UTF-8.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
