/// What a side presents: a chain and a private key, possibly broken on purpose.
package struct GnuTLSCredential: Sendable, Equatable {
    /// Certificates in DER, the leaf first; each is sent as it stands.
    package var chain: [[UInt8]]
    /// The private key: PKCS#8 in DER, unencrypted.
    package var privateKey: [UInt8]
    /// A defect to present, or nil for a sound credential.
    package var fault: GnuTLSCredentialFault?

    /// Makes a credential; it is looked at when a server or client is made with it.
    package init(chain: [[UInt8]], privateKey: [UInt8], fault: GnuTLSCredentialFault? = nil) {
        self.chain = chain
        self.privateKey = privateKey
        self.fault = fault
    }
}

/// A defect of a credential that GnuTLS would refuse to load, or could not have by itself.
package enum GnuTLSCredentialFault: Sendable, Equatable {
    /// The key does not belong to the leaf; it is used all the same.
    case mismatchedKey
    /// The key belongs to the leaf, but one bit of each signature is flipped on its way out: of CertificateVerify,
    /// and in TLS 1.2 of ServerKeyExchange.
    case corruptSignature
}
