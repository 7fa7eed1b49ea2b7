/// The contents of a certificate before it is signed (RFC 5280 section 4.1.2).
package struct CertificateTemplate: Sendable, Hashable {
    /// 1 or 3, as the standard counts and not as the encoding does.
    package var version: Int
    /// The serial number as a positive big-endian number.
    package var serial: [UInt8]
    package var subject: DistinguishedName
    package var issuer: DistinguishedName
    /// Seconds since the epoch. Years before 1950 or after 2049 are written as GeneralizedTime, others as UTCTime
    /// (RFC 5280 section 4.1.2.5).
    package var notBefore: Int64
    /// Seconds since the epoch.
    package var notAfter: Int64
    /// In the order in which they are written; version 1 has none.
    package var extensions: [CertificateExtension]
    /// The digest of the issuer's signature; Ed25519 has its own.
    package var digest: MessageDigest

    package init(
        version: Int,
        serial: [UInt8],
        subject: DistinguishedName,
        issuer: DistinguishedName,
        notBefore: Int64,
        notAfter: Int64,
        extensions: [CertificateExtension],
        digest: MessageDigest
    ) {
        self.version = version
        self.serial = serial
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.extensions = extensions
        self.digest = digest
    }
}
