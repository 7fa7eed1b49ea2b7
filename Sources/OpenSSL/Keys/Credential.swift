internal import COpenSSL
internal import Synchronization

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

/// The contexts that have a credential already, for the connections that are to use it.
///
/// Whenever a credential is set on a connection, libssl compares its certificate with its key, and it copies the names
/// of a CertificateRequest by encoding and decoding them. A context has both done once, and a connection that changes
/// over to it only counts references. Contexts belong to their credential, so that no key outlives its identity here.
final class CredentialContexts: Sendable {
    /// The value that is kept for one kind of context.
    private struct Kind {
        let settings: SSLContextSettings
        let names: NameStack?
        var uses = 0
        var context: SSLContext?
    }

    private struct State {
        var kinds: [Kind] = []
        /// Where the kind stands, which is empty if it is new or had other names.
        mutating func index(of settings: SSLContextSettings, _ names: NameStack?) -> Int {
            guard let index = kinds.firstIndex(where: { $0.settings == settings }) else {
                kinds.append(Kind(settings: settings, names: names))
                return kinds.count - 1
            }
            if kinds[index].names !== names {
                kinds[index] = Kind(settings: settings, names: names)
            }
            return index
        }
    }

    private let state = Mutex(State())
    /// A context takes as long to make as this many handshakes save with it.
    private static let usesUntilWorthwhile = 32

    /// A context like the other one with the credential and the names, or nil while making one isn't worth its time.
    ///
    /// There is one for each kind of context. Other names than last time begin anew: names rotate rarely, and a server
    /// that changes them at each handshake gets along without.
    func context(
        like other: SSLContext,
        with credential: Credential,
        announcing names: NameStack?
    ) throws(OpenSSLError) -> SSLContext? {
        let (known, isDue): (SSLContext?, Bool) = state.withLock { state in
            let index = state.index(of: other.settings, names)
            state.kinds[index].uses += 1
            return (state.kinds[index].context, state.kinds[index].uses == Self.usesUntilWorthwhile)
        }
        guard isDue else { return known }
        let fresh = try SSLContext(like: other, with: credential, announcing: names)
        state.withLock { state in
            // The names may have changed meanwhile.
            guard let index = state.kinds.firstIndex(where: { $0.settings == other.settings && $0.names === names })
            else {
                return
            }
            state.kinds[index].context = fresh
        }
        return fresh
    }
}
