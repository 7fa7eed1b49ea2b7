extension Certificate {
    /// Decodes the one certificate of a PEM text (RFC 7468).
    public init(pem: [UInt8]) throws(MutualTLSError) {
        let found = try Certificate.certificates(inPEM: pem)
        guard found.count == 1 else {
            throw MutualTLSError(
                .severalFound,
                "Expected one certificate, found \(found.count). Read a chain with certificates(inPEM:)."
            )
        }
        self = found[0]
    }

    /// Decodes the one certificate of a PEM text (RFC 7468).
    public init(pem: String) throws(MutualTLSError) {
        try self.init(pem: Array(pem.utf8))
    }

    /// Decodes every certificate of a PEM text, in its order; blocks of other kinds are passed over.
    ///
    /// It throws when there is none, or when one of them is truncated, damaged or undecodable: nothing is left out
    /// in silence.
    public static func certificates(inPEM pem: [UInt8]) throws(MutualTLSError) -> [Certificate] {
        let document = try PEMDocument(pem, expected: "a certificate")
        var certificates: [Certificate] = []
        for block in document.blocks where labels.contains(block.label) {
            do {
                certificates.append(try Certificate(der: block.bytes))
            } catch {
                throw MutualTLSError(
                    .undecodableCertificate,
                    "The \(block.label) block of line \(block.line) holds \(block.bytes.count) bytes that don't "
                        + "decode as a certificate. Export the certificate again.",
                    cause: error.cause
                )
            }
        }
        guard !certificates.isEmpty else {
            throw MutualTLSError(
                .noCertificateFound,
                "Expected a CERTIFICATE block, found \(document.labels). Check that this is the right input."
            )
        }
        return certificates
    }

    /// Decodes every certificate of a PEM text, in its order; blocks of other kinds are passed over.
    public static func certificates(inPEM pem: String) throws(MutualTLSError) -> [Certificate] {
        try certificates(inPEM: Array(pem.utf8))
    }

    private static let labels: Set<String> = ["CERTIFICATE", "X509 CERTIFICATE"]
}
