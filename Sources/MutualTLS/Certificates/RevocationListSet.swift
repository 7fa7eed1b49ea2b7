internal import OpenSSL

/// Revocation lists of one moment, in the shape in which every handshake of that moment shares them.
///
/// Two sets are equal when they hold the same lists in the same order.
public struct RevocationListSet: Sendable {
    private final class Storage: Sendable {
        let lists: [CertificateRevocationList]
        let stack: RevocationListStack
        let digest: [UInt8]

        init(_ lists: [CertificateRevocationList]) {
            self.lists = lists
            do {
                stack = try RevocationListStack(lists.map(\.list))
            } catch {
                fatalError("libcrypto could not keep \(lists.count) decoded revocation lists: \(error)")
            }
            digest = sha256(lists.flatMap { sha256($0.derBytes) })
        }
    }

    private let storage: Storage

    /// Keeps lists together; none is judged before it is used.
    public init(_ lists: [CertificateRevocationList]) {
        storage = Storage(lists)
    }

    /// The lists, in the order in which they came.
    public var lists: [CertificateRevocationList] { storage.lists }
    /// A SHA-256 digest of the lists in their order: 32 bytes.
    public var digest: [UInt8] { storage.digest }

    var stack: RevocationListStack { storage.stack }
}

extension RevocationListSet: Hashable {
    /// Whether both hold the same lists in the same order.
    public static func == (left: RevocationListSet, right: RevocationListSet) -> Bool {
        left.digest == right.digest
    }

    /// Hashes the digest.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }
}
