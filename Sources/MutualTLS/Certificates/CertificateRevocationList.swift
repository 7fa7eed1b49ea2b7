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

    /// Who has issued it, by name.
    public var issuer: DistinguishedName { DistinguishedName(list.issuer) }
    /// When it was issued, or nil if that doesn't decode.
    public var thisUpdate: Timestamp? { list.thisUpdate.map(Timestamp.init(secondsSinceEpoch:)) }
    /// When the next one is due, or nil if it doesn't say; afterwards this one is stale and refused.
    public var nextUpdate: Timestamp? { list.nextUpdate.map(Timestamp.init(secondsSinceEpoch:)) }
    /// The DER encoding, as it was received.
    public var derBytes: [UInt8] { list.der }
}
