internal import COpenSSL

/// The verification of one peer's chain, lent to the delegate inside OpenSSL's verify callback.
///
/// It is noncopyable and only ever borrowed, so the pointer cannot outlive the callback.
package struct VerificationContext: ~Copyable {
    let pointer: OpaquePointer

    init(borrowing pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// What the peer sent, leaf first, before anything of it is checked.
    package var presentedCertificates: [X509Certificate] {
        let sent = CertificateStack.certificates(in: X509_STORE_CTX_get0_untrusted(pointer))
        guard sent.isEmpty, let leaf = X509_STORE_CTX_get0_cert(pointer) else { return sent }
        return [X509Certificate(retaining: leaf)]
    }

    /// Builds and checks a chain with the connection's trust store; may be called once for a context.
    ///
    /// `time` is in seconds since 1970-01-01 UTC. The extended key usage is left to the caller: OpenSSL's own
    /// purpose check refuses anyExtendedKeyUsage, so connections run it with X509_PURPOSE_ANY.
    package func verify(at time: Int64, revocation: RevocationCheck) -> VerificationResult {
        X509_STORE_CTX_set_time(pointer, 0, Int(time))
        switch revocation {
        case .none: break
        case .leaf(let lists):
            X509_STORE_CTX_set0_crls(pointer, lists.pointer)
            X509_STORE_CTX_set_flags(pointer, UInt(X509_V_FLAG_CRL_CHECK))
        case .chain(let lists):
            X509_STORE_CTX_set0_crls(pointer, lists.pointer)
            X509_STORE_CTX_set_flags(pointer, UInt(X509_V_FLAG_CRL_CHECK) | UInt(X509_V_FLAG_CRL_CHECK_ALL))
        }
        ErrorQueue.clear()
        let verified = X509_verify_cert(pointer) == 1
        // What X509_verify_cert leaves in the queue would be taken for an error of the handshake.
        ErrorQueue.clear()
        let code = VerificationError(rawValue: X509_STORE_CTX_get_error(pointer))
        // The manual asks that "ok" be believed only of both: the return value and the code.
        guard verified, code == .ok else {
            let lists = revocation.lists
            defer { ErrorQueue.clear() }
            if code.isAboutThePath,
                let chain = AlternativePaths(of: presentedCertificates).verify(after: pointer, revocationLists: lists)
            {
                return .verified(chain: chain)
            }
            let culprit = (X509_STORE_CTX_get_current_cert(pointer) ?? X509_STORE_CTX_get0_cert(pointer))
                .map { X509Certificate(retaining: $0) }
            let depth = Int(X509_STORE_CTX_get_error_depth(pointer))
            return .failed(code == .ok ? .unspecified : code, certificate: culprit, depth: depth)
        }
        return .verified(chain: CertificateStack.certificates(in: X509_STORE_CTX_get0_chain(pointer)))
    }

    /// The code that was set last.
    var result: VerificationError { VerificationError(rawValue: X509_STORE_CTX_get_error(pointer)) }

    /// Sets the code from which libssl derives its alert and its verify result.
    package func setResult(_ result: VerificationError) {
        X509_STORE_CTX_set_error(pointer, result.rawValue)
    }
}

/// Which certificates of a chain are looked up in revocation lists.
package enum RevocationCheck: Sendable {
    case none
    case leaf(RevocationListStack)
    case chain(RevocationListStack)

    fileprivate var lists: OpaquePointer? {
        switch self {
        case .none: nil
        case .leaf(let lists), .chain(let lists): lists.pointer
        }
    }
}

/// What the verification of a chain came to.
package enum VerificationResult {
    /// The chain from the leaf to its trust anchor.
    case verified(chain: [X509Certificate])
    /// The first error, the certificate that it is about, and its depth (0 is the leaf).
    case failed(VerificationError, certificate: X509Certificate?, depth: Int)
}

/// Other looks at one peer's certificates, when the first path that OpenSSL took ended nowhere.
///
/// OpenSSL takes the first issuer that fits among the certificates sent and never steps back, so a cross-signed
/// authority of which both certificates are sent may hide the path that leads to the pool (RFC 4158 section 2.4).
/// Each look is a complete verification, with the same parameters and fewer certificates to choose from.
struct AlternativePaths {
    private let choices: [[X509Certificate]]
    /// A peer must not buy more than a few verifications with one message.
    private static let limit = 8

    /// - Parameter sent: what the peer sent, leaf first.
    init(of sent: [X509Certificate]) {
        let issuers = Array(sent.dropFirst())
        let groups = Dictionary(grouping: issuers, by: \.subject.der).values.filter { $0.count > 1 }
        choices = groups.flatMap { group in
            group.map { kept in
                issuers.filter { $0.subject.der != kept.subject.der || $0.der == kept.der }
            }
        }
    }

    /// The chain of the first look that succeeds; `first` is the context that failed, and gets that chain.
    func verify(after first: OpaquePointer, revocationLists: OpaquePointer?) -> [X509Certificate]? {
        for issuers in choices.prefix(Self.limit) {
            guard let stack = try? CertificateStack(issuers), let context = X509_STORE_CTX_new() else { return nil }
            defer { X509_STORE_CTX_free(context) }
            let leaf = X509_STORE_CTX_get0_cert(first)
            guard X509_STORE_CTX_init(context, X509_STORE_CTX_get0_store(first), leaf, stack.pointer) == 1,
                X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(context), X509_STORE_CTX_get0_param(first)) == 1
            else {
                continue
            }
            X509_STORE_CTX_set0_crls(context, revocationLists)
            guard X509_verify_cert(context) == 1, X509_STORE_CTX_get_error(context) == X509_V_OK else { continue }
            X509_STORE_CTX_set0_verified_chain(first, X509_STORE_CTX_get1_chain(context))
            return CertificateStack.certificates(in: X509_STORE_CTX_get0_chain(first))
        }
        return nil
    }
}
