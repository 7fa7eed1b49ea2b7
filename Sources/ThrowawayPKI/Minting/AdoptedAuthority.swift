internal import OpenSSL
internal import OpenSSLMinting

/// A certificate authority that was made elsewhere, and that stands in for an entry of a recipe.
///
/// Entries below that one in the recipe are then signed by it. Its description never shows the key.
package struct AdoptedAuthority: Sendable {
    let certificate: X509Certificate
    let key: SigningKey

    /// - Parameters:
    ///   - certificate: DER, X.509 version 3.
    ///   - privateKey: its key in DER, PKCS #8 or the older form of its algorithm.
    ///   - now: seconds since 1970, when it must be valid.
    /// - Throws: `badAuthority` for one that can't issue what a recipe asks for.
    package init(certificate der: [UInt8], privateKey: [UInt8], now: Int64) throws(PKIError) {
        let parsed: X509Certificate
        let signing: SigningKey?
        let isMatching: Bool
        do throws(OpenSSLError) {
            parsed = try X509Certificate(der: der)
            let key = try EVPKey(privateKeyDER: privateKey)
            isMatching = try parsed.publicKey().hasSamePublicKey(as: key)
            signing = try SigningKey(adopting: key, identifier: parsed.subjectKeyIdentifier)
        } catch {
            throw Self.refusal("a certificate with its private key", "\(error)", "check both files with openssl")
        }
        guard isMatching else {
            throw Self.refusal("the private key of the certificate", "another key", "take the key that belongs to it")
        }
        guard parsed.isCertificateAuthority else {
            throw Self.refusal(
                "a certificate authority (basicConstraints CA:TRUE)",
                "a certificate that may not issue others",
                "take the authority that the other side trusts"
            )
        }
        guard !parsed.hasNameConstraints else {
            throw Self.refusal(
                "an authority for any name",
                "one with name constraints, which would change what cases mean",
                "take a test authority without them"
            )
        }
        guard let start = parsed.notBefore, let end = parsed.notAfter, start <= now, now <= end else {
            throw Self.refusal("a valid authority", "one that is not valid now", "make a new test authority")
        }
        guard let signing else {
            throw Self.refusal("a key for RSA, P-256, P-384, P-521 or Ed25519", "another key", "take one of these")
        }
        certificate = parsed
        key = signing
    }

    /// DER.
    package var certificateDER: [UInt8] { certificate.der }

    /// How many intermediates it allows below itself; nil for any number.
    package var pathLength: Int? { certificate.pathLength }

    /// Its extended key usages as dotted identifiers; nil when it has none, and allows all.
    package var extendedKeyUsages: [String]? { certificate.extendedKeyUsages }

    private static func refusal(_ expected: String, _ found: String, _ nextStep: String) -> PKIError {
        PKIError(.badAuthority, entry: "issuer", expected: expected, found: found, nextStep: nextStep)
    }
}

extension AdoptedAuthority: CustomStringConvertible, CustomReflectable {
    package var description: String { "AdoptedAuthority(\(certificate.serialNumber.lowercaseHex))" }
    package var customMirror: Mirror { Mirror(self, children: ["serial": certificate.serialNumber.lowercaseHex]) }
}
