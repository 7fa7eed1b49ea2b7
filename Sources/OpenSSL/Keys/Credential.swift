internal import COpenSSL

/// A certificate chain and its private key, in the shape in which a connection takes them in one call.
package final class Credential: @unchecked Sendable {
    // Safety: everything in it is counted by OpenSSL and read only after init, but for the contexts, which lock.
    package let certificates: [X509Certificate]
    private let leaf: X509Certificate
    package let key: EVPKey
    private let intermediates: CertificateStack
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

    /// Sets leaf, chain and key on a connection in one step, so that no half of an older credential stays behind.
    func use(onConnection connection: OpaquePointer) throws(OpenSSLError) {
        try check("SSL_use_cert_and_key") {
            SSL_use_cert_and_key(connection, leaf.pointer, key.pointer, intermediates.pointer, 1)
        }
    }

    /// Sets leaf, chain and key for all connections that a context makes from now on.
    func use(onContext context: OpaquePointer) throws(OpenSSLError) {
        try check("SSL_CTX_use_cert_and_key") {
            SSL_CTX_use_cert_and_key(context, leaf.pointer, key.pointer, intermediates.pointer, 1)
        }
    }
}

extension X509Certificate {
    /// Whether the private key belongs to the public key in this certificate.
    package func matches(privateKey: EVPKey) -> Bool {
        defer { ErrorQueue.clear() }
        return X509_check_private_key(pointer, privateKey.pointer) == 1
    }
}
