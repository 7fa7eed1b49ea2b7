internal import OpenSSL

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
    /// Who has signed it, by name.
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
