/// Which CA names a server puts into its CertificateRequest (RFC 8446 section 4.2.4, RFC 5246 section 7.4.4).
///
/// Clients of Go and GnuTLS withhold a certificate whose chain names none of them as issuer, in every mode.
public struct AcceptableCANames: Sendable {
    enum Source: Sendable {
        case derived
        case none
        case pool(CertificatePool)
    }

    let source: Source

    /// The subjects of the client CAs, if there are any, as Go does.
    public static let derived = AcceptableCANames(source: .derived)
    /// None: every client sends what it has.
    public static let none = AcceptableCANames(source: .none)

    /// The subjects of other certificates than the client CAs, for example the issuers of pinned leaves.
    public static func subjects(of pool: CertificatePool) -> AcceptableCANames {
        AcceptableCANames(source: .pool(pool))
    }

    func pool(clientCAs: CertificatePool?) -> CertificatePool? {
        switch source {
        case .derived: clientCAs
        case .none: nil
        case .pool(let pool): pool
        }
    }
}
