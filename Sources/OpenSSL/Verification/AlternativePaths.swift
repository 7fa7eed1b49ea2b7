internal import COpenSSL

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
