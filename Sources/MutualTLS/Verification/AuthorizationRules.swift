/// Which verified identities are allowed: an identity is when any of the rules fits it.
///
/// ```swift
/// let rules = AuthorizationRules([
///     .spiffeID("spiffe://example.test/billing"), .all([.organization("Ops"), .commonName("carol")]),
/// ])
/// guard rules.permit(connection.information.peerIdentity) else { … }
/// ```
///
/// TLS says who somebody is; this says whether that one may. A peer without a verified identity is never allowed, and
/// an empty list allows nobody. Names are compared byte by byte.
///
/// A name is worth as much as the authorities that can issue it, and any of the client CAs can issue any name: where
/// several are trusted, add ``Rule/authority(publicKeySHA256:)``. The issuer's name in a certificate proves nothing about
/// that, because any trusted authority can name an intermediate as another one; there is no rule for it.
public struct AuthorizationRules: Sendable, Hashable {
    /// A condition on an identity's certificate.
    public indirect enum Rule: Sendable, Hashable {
        /// The common name of the subject is this. A subject with several has no common name.
        case commonName(String)
        /// One of the organizations of the subject is this.
        case organization(String)
        /// One of the URIs of the subject alternative names is this. A URI with the scheme `spiffe` fits by the rules of
        /// ``spiffeID(_:)`` alone.
        case uri(String)
        /// The certificate is an X509-SVID with this SPIFFE ID; see ``Certificate/spiffeID``.
        case spiffeID(String)
        /// One of the DNS names of the subject alternative names is this, whatever the case of ASCII letters. A wildcard
        /// in the certificate is no more than its own text.
        case dnsName(String)
        /// The serial number is this, in hexadecimal digits of either case, with or without colons and leading zeros.
        /// Serial numbers are unique with one issuer alone (RFC 5280 section 4.1.2.2).
        case serialNumber(String)
        /// The authority that vouches for the identity, the last certificate of its verified chain, has the public key
        /// with this SHA-256 digest: ``Certificate/publicKeySHA256Hexadecimal``, with or without colons.
        ///
        /// It goes on to fit when the authority's certificate is renewed with its key.
        case authority(publicKeySHA256: String)
        /// That authority is the very certificate with this SHA-256 digest: ``Certificate/sha256Hexadecimal``.
        case authorityCertificate(sha256: String)
        /// All of these fit; an empty list never does.
        case all([Rule])

        /// The authority that vouches for the identity has the key of this certificate.
        public static func authority(_ certificate: Certificate) -> Rule {
            .authority(publicKeySHA256: certificate.publicKeySHA256Hexadecimal)
        }
    }

    /// The rules, of which one has to fit.
    public var allowed: [Rule]

    /// Rules of which one has to fit.
    public init(_ allowed: [Rule]) {
        self.allowed = allowed
    }

    /// Whether the identity is allowed.
    public func permit(_ identity: PeerIdentity?) -> Bool {
        guard let identity else { return false }
        return allowed.contains { $0.fits(identity) }
    }
}

extension AuthorizationRules.Rule {
    fileprivate func fits(_ identity: PeerIdentity) -> Bool {
        let certificate = identity.certificate
        return switch self {
        case .commonName(let name): certificate.commonName?.hasSameBytes(as: name) ?? false
        case .organization(let name): certificate.organizations.contains { $0.hasSameBytes(as: name) }
        case .spiffeID(let id): certificate.spiffeID?.hasSameBytes(as: id) ?? false
        case .uri(let uri):
            DNSNameKey(uri.prefix(7)).bytes.elementsEqual("spiffe:".utf8)
                ? Self.spiffeID(uri).fits(identity)
                : certificate.uris.contains { $0.hasSameBytes(as: uri) }
        case .dnsName(let name): certificate.dnsNames.contains { DNSNameKey($0) == DNSNameKey(name) }
        case .serialNumber(let text): Self.significantDigits(certificate.serialNumber) == Self.significantDigits(text)
        case .authority(let digest):
            identity.verifiedChain.last.map { Self.digits($0.publicKeySHA256Hexadecimal) == Self.digits(digest) }
                ?? false
        case .authorityCertificate(let digest):
            identity.verifiedChain.last.map { Self.digits($0.sha256Hexadecimal) == Self.digits(digest) } ?? false
        case .all(let rules): !rules.isEmpty && rules.allSatisfy { $0.fits(identity) }
        }
    }

    private static func digits(_ text: String) -> [UInt8] {
        DNSNameKey(text).bytes.filter { $0 != 0x3A }
    }

    private static func significantDigits(_ text: String) -> [UInt8] {
        Array(digits(text).drop { $0 == 0x30 })
    }
}

/// The other side of a connection, as this side's own verification found.
///
/// There is no other way to get one than a finished handshake whose verification accepted the peer's certificate, so
/// whoever holds one need not ask again: a certificate that was received and not verified never makes one.
public struct PeerIdentity: Sendable, Hashable {
    /// The peer's certificate.
    public let certificate: Certificate
    /// The chain from the certificate to the anchor that vouches for it.
    public let verifiedChain: [Certificate]

    package init?(_ information: ConnectionInformation) {
        guard information.isPeerVerified, let leaf = information.verifiedChain.first else { return nil }
        certificate = leaf
        verifiedChain = information.verifiedChain
    }

    /// A name for people: the common name, else the first URI or DNS name, else the subject; at most a line, escaped.
    public var displayName: String {
        let name = certificate.commonName ?? certificate.uris.first ?? certificate.dnsNames.first
        return name.map { EscapedText($0).description } ?? certificate.subject.description
    }
}

extension PeerIdentity: CustomStringConvertible {
    /// Subject and serial number of the certificate.
    public var description: String { "\(certificate)" }
}

extension ConnectionInformation {
    /// The verified peer; nil for a peer without a certificate, and for one whose certificate is a mere claim.
    public var peerIdentity: PeerIdentity? { PeerIdentity(self) }
}
