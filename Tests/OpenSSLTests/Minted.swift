import OpenSSL
import OpenSSLMinting

/// A certificate made for a test, with its key.
struct Minted {
    let certificate: X509Certificate
    let key: SigningKey

    /// 2025-06-15T12:00:00Z: tests don't look at the clock.
    static let noon: Int64 = 1_749_988_800

    static func root(
        _ name: String,
        extensions: [CertificateExtension] = [.basicConstraints(isCA: true, pathLength: nil)],
        validTo: Int64 = 3_600
    ) throws -> Minted {
        let key = try SigningKey(generating: .ec(curve: .p256))
        return try Minted(name, key: key, issuer: name, signer: key, extensions, validTo: validTo)
    }

    func issue(_ name: String, extensions: [CertificateExtension] = []) throws -> Minted {
        let key = try SigningKey(generating: .ec(curve: .p256))
        let issuer = certificate.subjectAttributes(.commonName).first ?? ""
        return try Minted(name, key: key, issuer: issuer, signer: self.key, extensions, validTo: 3_600)
    }

    /// The same name and key in another certificate.
    func renewed(validTo: Int64) throws -> Minted {
        let name = certificate.subjectAttributes(.commonName).first ?? ""
        let extensions = [CertificateExtension.basicConstraints(isCA: true, pathLength: nil)]
        return try Minted(name, key: key, issuer: name, signer: key, extensions, validTo: validTo)
    }

    private init(
        _ name: String,
        key: SigningKey,
        issuer: String,
        signer: SigningKey,
        _ extensions: [CertificateExtension],
        validTo: Int64
    ) throws {
        self.key = key
        let template = CertificateTemplate(
            version: 3,
            serial: Array(sha256(Array("\(name)\(validTo)".utf8)).prefix(8)).map { $0 & 0x7F | 1 },
            subject: DistinguishedName(commonName: name),
            issuer: DistinguishedName(commonName: issuer),
            notBefore: Minted.noon - 7_200,
            notAfter: Minted.noon + validTo,
            extensions: extensions,
            digest: .sha256
        )
        // Decoded again: a certificate that was just put together has no decoded key yet.
        certificate = try X509Certificate(
            der: X509Certificate(minting: template, for: key, signedBy: signer).der
        )
    }

    /// The leaf alone, with its key.
    func credential() throws -> Credential {
        try Credential(leaf: certificate, intermediates: [], key: key.key)
    }
}
