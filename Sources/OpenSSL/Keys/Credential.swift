internal import COpenSSL

/// A certificate chain and its private key, in the shape in which a connection takes them in one call.
package final class Credential: @unchecked Sendable {
    // Safety: everything in it is counted by OpenSSL and read only after init, but for the contexts, which lock.
    package let certificates: [X509Certificate]
    let leaf: X509Certificate
    package let key: EVPKey
    let intermediates: CertificateStack
    let contexts = CredentialContexts()

    /// Keeps leaf, further certificates and key together; the caller has seen to it that they match.
    package init(leaf: X509Certificate, intermediates: [X509Certificate], key: EVPKey) throws(OpenSSLError) {
        self.leaf = leaf
        self.key = key
        self.certificates = [leaf] + intermediates
        self.intermediates = try CertificateStack(intermediates)
    }

    /// Has connections take the credential from a prepared context at once, as they do after many handshakes.
    package func prepareContexts() {
        contexts.prepareAtOnce()
    }
}

extension X509Certificate {
    /// Whether the private key belongs to the public key in this certificate.
    package func matches(privateKey: EVPKey) -> Bool {
        defer { ErrorQueue.clear() }
        return X509_check_private_key(pointer, privateKey.pointer) == 1
    }
}
