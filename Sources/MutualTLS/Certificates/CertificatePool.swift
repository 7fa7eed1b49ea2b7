internal import OpenSSL

/// A set of certificates that chains may end in: certificate authorities, or pinned leaves.
///
/// A pinned leaf is trusted itself, whoever signed it; its times and purposes are still checked. A pinned
/// certificate that is a certificate authority (``Certificate/isCertificateAuthority``) also trusts whatever its
/// holder signs: pin leaves with CA:FALSE. Two pools are equal when they hold the same certificates.
public struct CertificatePool: Sendable {
    private let storage: Storage

    /// Makes a pool of the certificates; one that comes twice counts once. An empty pool trusts nobody.
    public init(_ certificates: [Certificate]) {
        storage = Storage(certificates)
    }

    /// Reads the certificates of a PEM text. Text without any is an error, since it would refuse everybody.
    public init(pem: [UInt8]) throws(MutualTLSError) {
        self.init(try Certificate.certificates(inPEM: pem))
    }

    /// Reads the certificates of a PEM text. Text without any is an error, since it would refuse everybody.
    public init(pem: String) throws(MutualTLSError) {
        try self.init(pem: Array(pem.utf8))
    }

    /// The certificates, each once, in the order in which they came.
    public var certificates: [Certificate] { storage.certificates }
    /// Whether it trusts nobody.
    public var isEmpty: Bool { storage.certificates.isEmpty }
    /// The names that a CertificateRequest derives from it, each once.
    public var subjects: [DistinguishedName] { storage.names.names.map(DistinguishedName.init) }
    /// A SHA-256 digest of the set, whatever the order: 32 bytes.
    public var digest: [UInt8] { storage.digest }

    /// Whether the certificate itself is in the pool.
    public func contains(_ certificate: Certificate) -> Bool {
        // The anchors of built chains are the pool's own objects.
        storage.objects.contains(certificate.x509.sharedObject) || storage.members.contains(certificate)
    }

    /// The certificate of the pool with this digest.
    func certificate(withSHA256 digest: [UInt8]) -> Certificate? { storage.byDigest[digest] }

    var trustStore: TrustStore { storage.trustStore }
    var names: NameStack { storage.names }
}

extension CertificatePool: Hashable {
    /// Whether both hold the same certificates, in whatever order.
    public static func == (left: CertificatePool, right: CertificatePool) -> Bool {
        left.digest == right.digest
    }

    /// Hashes the digest of the set.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }
}

extension CertificatePool {
    /// Certificates and what OpenSSL needs of them, made once and shared by every connection.
    private final class Storage: Sendable {
        let certificates: [Certificate]
        let members: Set<Certificate>
        let objects: Set<Int>
        let trustStore: TrustStore
        let names: NameStack
        let digest: [UInt8]
        let byDigest: [[UInt8]: Certificate]

        init(_ certificates: [Certificate]) {
            var seen: Set<Certificate> = []
            let unique = certificates.filter { seen.insert($0).inserted }
            self.certificates = unique
            members = seen
            objects = Set(unique.map(\.x509.sharedObject))
            do {
                trustStore = try TrustStore(unique.map(\.x509))
                names = try NameStack(subjectsOf: unique.map(\.x509))
            } catch {
                fatalError("libcrypto could not keep \(unique.count) decoded certificates: \(error)")
            }
            byDigest = Dictionary(unique.map { ($0.sha256, $0) }) { first, _ in first }
            let digests = byDigest.keys.sorted { $0.lexicographicallyPrecedes($1) }
            digest = sha256(digests.flatMap { $0 })
        }
    }
}
