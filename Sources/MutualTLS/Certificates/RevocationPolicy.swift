internal import OpenSSL

/// Whether verified certificates are looked up in revocation lists.
///
/// Where a list is asked for, a missing or stale one refuses the certificate, with certificate_unknown (46): the
/// certificate itself may be good, and certificate_expired or unknown_ca would send people after the wrong cause.
/// A revoked certificate is refused with certificate_revoked (44). Go's crypto/tls never looks.
///
/// A pinned leaf has no issuer in its chain that could vouch for a list, and is refused unless revocation is off.
public struct RevocationPolicy: Sendable {
    enum Scope: Sendable {
        case off
        case leaf
        case chain
    }

    let scope: Scope
    /// The lists that are looked into.
    public let lists: [CertificateRevocationList]

    /// Nothing is looked up.
    public static let off = RevocationPolicy(scope: .off, lists: [])

    /// The leaf is looked up: its issuer's list must be among these.
    public static func leaf(_ lists: [CertificateRevocationList]) -> RevocationPolicy {
        RevocationPolicy(scope: .leaf, lists: lists)
    }

    /// Every certificate of the chain is looked up, the anchor too: a list of each issuer must be among these.
    public static func chain(_ lists: [CertificateRevocationList]) -> RevocationPolicy {
        RevocationPolicy(scope: .chain, lists: lists)
    }

    func makeCheck() throws(OpenSSLError) -> RevocationCheck {
        switch scope {
        case .off: .none
        case .leaf: .leaf(try RevocationListStack(lists.map(\.list)))
        case .chain: .chain(try RevocationListStack(lists.map(\.list)))
        }
    }
}
