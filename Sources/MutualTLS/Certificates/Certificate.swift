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

extension Certificate {
    /// The serial number in upper-case hexadecimal, two digits a byte, without a sign.
    public var serialNumber: String { x509.serialNumber.isEmpty ? "00" : hexadecimal(x509.serialNumber).uppercased() }

    /// The digest of ``derBytes`` in 64 lower-case hexadecimal digits.
    public var sha256Hexadecimal: String { hexadecimal(sha256) }

    /// The SHA-256 digest of the SubjectPublicKeyInfo in 64 lower-case hexadecimal digits. It stays the same when a
    /// certificate is renewed with its key, which makes it fit for pinning.
    public var publicKeySHA256Hexadecimal: String { hexadecimal(OpenSSL.sha256(x509.publicKeyInfo)) }

    /// The certificate's subject.
    public var subject: DistinguishedName { DistinguishedName(x509.subject) }
    /// The name of its signer.
    public var issuer: DistinguishedName { DistinguishedName(x509.issuer) }
    /// The DER encoding of the subject.
    public var subjectBytes: [UInt8] { x509.subject.der }

    /// The common name of the subject, or nil for a subject without one, and for one with several: stacks differ in
    /// which of them they take, so none of them names anybody.
    ///
    /// The library never takes it for a host name (RFC 9525 section 2).
    public var commonName: String? {
        let names = commonNames
        return names.count == 1 ? names[0] : nil
    }
    /// All common names of the subject, in their order.
    public var commonNames: [String] { x509.subjectAttributes(.commonName) }
    /// The organizations of the subject, in their order.
    public var organizations: [String] { x509.subjectAttributes(.organization) }

    /// The DNS names of the subject alternative name extension (RFC 5280 section 4.2.1.6).
    public var dnsNames: [String] { x509.alternativeNames.dnsNames }
    /// The addresses of the subject alternative name extension, as text.
    public var ipAddresses: [String] { x509.alternativeNames.ipAddresses }
    /// The URIs of the subject alternative name extension, for example SPIFFE identities.
    public var uris: [String] { x509.alternativeNames.uris }
    /// The mailboxes of the subject alternative name extension.
    public var emailAddresses: [String] { x509.alternativeNames.emailAddresses }

    /// The first second at which it is valid. A time that doesn't decode counts as never reached.
    public var notBefore: Timestamp { Timestamp(secondsSinceEpoch: x509.notBefore ?? .max) }
    /// The last second at which it is valid. A time that doesn't decode counts as passed.
    public var notAfter: Timestamp { Timestamp(secondsSinceEpoch: x509.notAfter ?? .min) }

    /// The X.509 version: 1, 2 or 3. A version 1 certificate has no extensions.
    public var version: Int { x509.version }

    /// Whether the basic constraints make it a certificate authority (RFC 5280 section 4.2.1.9).
    ///
    /// In a pool such a certificate lets its holder sign further ones, which are accepted too.
    public var isCertificateAuthority: Bool { x509.isCertificateAuthority }
    /// Whether subject and issuer are the same name.
    public var isSelfIssued: Bool { x509.isSelfIssued }

    /// The purposes of the extended key usage extension as dotted object identifiers (RFC 5280 section 4.2.1.12),
    /// or nil without the extension, which then allows every purpose.
    public var extendedKeyUsages: [String]? { x509.extendedKeyUsages }
}

/// Two lower-case hexadecimal digits a byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// A distinguished name of X.509 (RFC 5280 section 4.1.2.4).
public struct DistinguishedName: Sendable, Hashable {
    /// The DER encoding as it stood in the certificate or the message; equality is that of these bytes, as in Go.
    public let derBytes: [UInt8]
    /// The text of RFC 4514, for example `CN=alice,O=Example`.
    public let text: String

    let x509: X509Name

    init(_ name: X509Name) {
        x509 = name
        derBytes = name.der
        text = name.text
    }

    /// Decodes a name in DER that fills the bytes to their end, and throws
    /// ``MutualTLSError/Code/undecodableName`` for anything else.
    public init(der: [UInt8]) throws(MutualTLSError) {
        do {
            self.init(try X509Name(der: der))
        } catch {
            throw MutualTLSError(
                .undecodableName,
                "Expected a distinguished name in DER, found \(der.count) bytes that don't decode as one.",
                cause: error
            )
        }
    }

    /// Whether both have the same DER encoding.
    public static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.derBytes == right.derBytes
    }

    /// Hashes the DER encoding.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(derBytes)
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// At most a line of the text of RFC 4514, escaped for messages, or `(empty name)`.
    public var description: String { text.isEmpty ? "(empty name)" : "\(EscapedText(text))" }
}
