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

/// The trust anchors of a verification, found by name.
///
/// It is filled in `init` and only read afterwards.
package final class TrustStore: Sendable {
    private let certificates: [X509Certificate]
    /// By OpenSSL's hash of the subject, which folds letter case and string types as its comparison of names does.
    private let indexes: [UInt: [Int]]

    package init(_ certificates: [X509Certificate]) throws(OpenSSLError) {
        self.certificates = certificates
        indexes = Dictionary(grouping: certificates.indices) { certificates[$0].subjectHash }
    }

    /// Certificates whose subject is the issuer of this one, in their order.
    func issuers(of certificate: X509Certificate) -> [X509Certificate] {
        candidates(certificate.issuerHash).filter { $0.isNamedAsIssuer(of: certificate) }
    }

    /// Whether any certificate's subject is the issuer of this one.
    func hasIssuer(of certificate: X509Certificate) -> Bool {
        candidates(certificate.issuerHash).contains { $0.isNamedAsIssuer(of: certificate) }
    }

    /// The store's own object for the same certificate, or nil for a certificate that isn't in the store.
    func member(equalTo certificate: X509Certificate) -> X509Certificate? {
        candidates(certificate.subjectHash).first { $0.isEqual(to: certificate) }
    }

    private func candidates(_ hash: @autoclosure () -> UInt) -> [X509Certificate] {
        // A few comparisons of names cost less than a digest of one.
        if certificates.count <= 4 { return certificates }
        return (indexes[hash()] ?? []).map { certificates[$0] }
    }
}

extension X509Certificate {
    fileprivate var subjectHash: UInt { X509_NAME_hash_ex(X509_get_subject_name(pointer), nil, nil, nil) }
    fileprivate var issuerHash: UInt { X509_NAME_hash_ex(X509_get_issuer_name(pointer), nil, nil, nil) }

    /// Whether its subject is the issuer of the other one. A name proves nothing: it only makes a candidate.
    func isNamedAsIssuer(of other: X509Certificate) -> Bool {
        X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(other.pointer)) == 0
    }

    /// Whether both have the same encoding.
    func isEqual(to other: X509Certificate) -> Bool {
        pointer == other.pointer || X509_cmp(pointer, other.pointer) == 0
    }
}
