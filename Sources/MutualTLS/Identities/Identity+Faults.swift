internal import OpenSSL

/// A defect that an identity is made with on purpose, for conformance tests. EC keys only.
package enum IdentityFault: Sendable {
    /// The key is not the certificate's: signatures are well-formed and don't verify.
    case mismatchedKey
    /// The key is the certificate's, and every signature leaves with one bit flipped.
    case corruptSignature
}

extension Identity {
    /// Makes an identity whose CertificateVerify (TLS 1.3, and client side of TLS 1.2) or ServerKeyExchange
    /// signature (server side of TLS 1.2) doesn't verify.
    ///
    /// For `mismatchedKey` the private key is one of the leaf's curve that isn't the leaf's.
    package init(chain: [Certificate], privateKey: PrivateKey, fault: IdentityFault) throws(MutualTLSError) {
        guard let leaf = chain.first else {
            throw MutualTLSError(.emptyChain, "Expected a certificate chain, leaf first, found no certificate.")
        }
        let key: EVPKey
        do {
            key =
                switch fault {
                case .mismatchedKey: try EVPKey(claiming: leaf.x509, signingWith: privateKey.key)
                case .corruptSignature: try privateKey.key.corruptingSignatures()
                }
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not make a faulty EC key for \(leaf).", cause: error)
        }
        try self.init(unchecked: chain, leaf: leaf, key: key)
    }
}
