internal import OpenSSL

/// A certificate revocation list (RFC 5280 section 5), decoded and not judged.
///
/// Its signature, its issuer and its times are checked when it is used.
public struct CertificateRevocationList: Sendable {
    let list: X509RevocationList

    /// Decodes one list that fills the bytes to their end.
    public init(der: [UInt8]) throws(MutualTLSError) {
        do {
            list = try X509RevocationList(der: der)
        } catch {
            throw MutualTLSError(
                .undecodableRevocationList,
                "Expected a revocation list in DER, found \(der.count) bytes that don't decode as one.",
                cause: error
            )
        }
    }

    /// Decodes the one list of a PEM text, a block named X509 CRL (RFC 7468 section 6).
    public init(pem: [UInt8]) throws(MutualTLSError) {
        let document = try PEMDocument(pem, expected: "a revocation list")
        let blocks = document.blocks.filter { $0.label == "X509 CRL" }
        guard let block = blocks.first else {
            throw MutualTLSError(.noRevocationListFound, "Expected an X509 CRL block, found \(document.labels).")
        }
        guard blocks.count == 1 else {
            throw MutualTLSError(.severalFound, "Expected one revocation list, found \(blocks.count).")
        }
        try self.init(der: block.bytes)
    }

    /// Decodes the one list of a PEM text, a block named X509 CRL (RFC 7468 section 6).
    public init(pem: String) throws(MutualTLSError) {
        try self.init(pem: Array(pem.utf8))
    }

    /// The name of its issuer.
    public var issuer: DistinguishedName { DistinguishedName(list.issuer) }
    /// When it was issued, or nil if that doesn't decode.
    public var thisUpdate: Timestamp? { list.thisUpdate.map(Timestamp.init(secondsSinceEpoch:)) }
    /// When the next one is due, or nil if it doesn't say; afterwards this one is stale and refused.
    public var nextUpdate: Timestamp? { list.nextUpdate.map(Timestamp.init(secondsSinceEpoch:)) }
    /// The DER encoding, as it was received.
    public var derBytes: [UInt8] { list.der }
}

extension CertificateRevocationList {
    /// Decodes every revocation list of a PEM text, in its order; blocks of other kinds are passed over.
    ///
    /// It throws when there is none, or when one of them is truncated, damaged or undecodable: nothing is left out
    /// in silence.
    public static func lists(inPEM pem: [UInt8]) throws(MutualTLSError) -> [CertificateRevocationList] {
        let document = try PEMDocument(pem, expected: "a revocation list")
        var lists: [CertificateRevocationList] = []
        for block in document.blocks where block.label == "X509 CRL" {
            do {
                lists.append(try CertificateRevocationList(der: block.bytes))
            } catch {
                throw MutualTLSError(
                    .undecodableRevocationList,
                    "The X509 CRL block of line \(block.line) holds \(block.bytes.count) bytes that don't decode as "
                        + "a revocation list. Export the list again.",
                    cause: error.cause
                )
            }
        }
        guard !lists.isEmpty else {
            throw MutualTLSError(
                .noRevocationListFound,
                "Expected an X509 CRL block, found \(document.labels). Check that this is the right input."
            )
        }
        return lists
    }
}

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
