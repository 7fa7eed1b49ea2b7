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
