internal import COpenSSL

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
