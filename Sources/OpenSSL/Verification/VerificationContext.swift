internal import COpenSSL

/// The verification of one peer's chain, lent to the delegate inside OpenSSL's verify callback.
///
/// It is noncopyable and only ever borrowed, so the pointer cannot outlive the callback.
package struct VerificationContext: ~Copyable {
    let pointer: OpaquePointer

    init(borrowing pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// The certificates that the peer sent, leaf first, before any check.
    package var presentedCertificates: [X509Certificate] {
        let sent = CertificateStack.certificates(in: X509_STORE_CTX_get0_untrusted(pointer))
        guard sent.isEmpty, let leaf = X509_STORE_CTX_get0_cert(pointer) else { return sent }
        return [X509Certificate(retaining: leaf)]
    }

    /// Looks for a chain to one of the anchors that passes every check, among all that the certificates sent allow.
    ///
    /// The extended key usage and whatever else the caller asks of a chain is for `isFit` to judge: OpenSSL's own
    /// purpose check refuses anyExtendedKeyUsage, so connections run it with X509_PURPOSE_ANY. A failure is that of
    /// the path that is looked at first.
    ///
    /// - Parameters:
    ///   - time: in seconds since 1970-01-01 UTC.
    ///   - isFit: judges a chain, leaf first and anchor last; it may be asked several times.
    package func verify(
        at time: Int64,
        revocation: RevocationCheck,
        against anchors: TrustStore,
        isFit: ([X509Certificate]) -> Bool = { _ in true }
    ) -> VerificationResult {
        let sent = presentedCertificates
        guard let leaf = sent.first, var search = PathSearch(from: sent, to: anchors, at: time) else {
            return .failed(.unspecified, certificate: nil, depth: 0)
        }
        defer { ErrorQueue.clear() }
        let checks = PathChecks(time: time)
        let verification = PathVerification(like: pointer, at: time, revocation: revocation)
        var first: VerificationResult?
        var signatures = 0
        search.visitPaths { search, path in
            // What costs no signature weeds out all paths but the first, whose failure OpenSSL is to put into words.
            guard first == nil || (checks.defect(of: path) == nil && isFit(path)) else { return false }
            signatures += path.count - 1
            guard signatures <= Self.mostSignatures else { return true }
            var result = verification.verify(path)
            if case .verified = result {
                if let (error, depth) = checks.strictDefect(of: path) {
                    result = .failed(error, certificate: path[depth], depth: depth)
                } else if !isFit(path) {
                    result = .unfit
                }
            }
            switch result {
            case .verified:
                first = result
                return true
            case .failed(let error, _, let depth):
                first = first ?? result
                if error == .signatureFailure { search.notice(brokenLinkAt: depth, of: path) }
                return error.isAboutTheLeafAlone
            case .unfit:
                first = first ?? result
                return false
            }
        }
        return first ?? .withoutPath(from: leaf, sent.dropFirst())
    }

    /// How many signatures are checked at most to find a chain, as in Go: a peer must not buy more with one message.
    private static let mostSignatures = 100

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
}

/// The outcome of verifying a chain.
package enum VerificationResult {
    /// The chain from the leaf to its trust anchor.
    case verified(chain: [X509Certificate])
    /// OpenSSL has nothing against the first chain, and `isFit` has; no other one does.
    case unfit
    /// The first error, the certificate that it is about, and its depth (0 is the leaf).
    case failed(VerificationError, certificate: X509Certificate?, depth: Int)
}
