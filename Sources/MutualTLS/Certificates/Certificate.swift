package import OpenSSL

/// An X.509 certificate (RFC 5280), decoded and not judged.
///
/// A value of this type says nothing about trust: it may be expired, revoked or forged.
public struct Certificate: Sendable {
    package let x509: X509Certificate

    package init(_ x509: X509Certificate) {
        self.x509 = x509
    }

    /// The DER encoding, as it was received, copied at each call: most handshakes need neither it nor its digest.
    public var derBytes: [UInt8] { x509.der }
    /// The SHA-256 digest of ``derBytes``: 32 bytes, computed at each call.
    public var sha256: [UInt8] { OpenSSL.sha256(derBytes) }

    /// Decodes one certificate that fills the bytes to their end.
    public init(der: [UInt8]) throws(MutualTLSError) {
        guard !der.isEmpty else {
            throw MutualTLSError(.emptyInput, "Expected a certificate in DER, found no bytes.")
        }
        do {
            let x509 = try X509Certificate(der: der)
            guard x509.notBefore != nil, x509.notAfter != nil else {
                throw OpenSSLError(call: "ASN1_TIME_to_tm", entries: [])
            }
            self.init(x509)
        } catch {
            throw MutualTLSError(
                .undecodableCertificate,
                "Expected a certificate in DER, found \(der.count) bytes that don't decode as one. "
                    + "Export the certificate again.",
                cause: error
            )
        }
    }
}

extension Certificate: Hashable {
    /// Whether both have the same DER encoding.
    public static func == (left: Certificate, right: Certificate) -> Bool {
        left.x509.sharedObject == right.x509.sharedObject || left.derBytes == right.derBytes
    }

    /// Hashes the encoding.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(derBytes)
    }
}

extension Certificate: CustomStringConvertible {
    /// Subject and serial number, which is how messages name a certificate: at most a line, escaped.
    public var description: String { "\(subject) (serial \(EscapedText(serialNumber, limit: 64)))" }
}

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
                    "The \(block.name) block of line \(block.line) holds \(block.bytes.count) bytes that don't "
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
