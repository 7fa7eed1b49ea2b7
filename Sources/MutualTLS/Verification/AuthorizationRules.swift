/// Which verified identities are allowed: an identity is when any of the rules fits it.
///
/// ```swift
/// let rules = AuthorizationRules([.uri("spiffe://example.test/billing"), .all([.organization("Ops"), .commonName("carol")])])
/// guard rules.permit(connection.information.peerIdentity) else { … }
/// ```
///
/// TLS says who somebody is; this says whether that one may. Whoever has no verified identity is never allowed, and
/// an empty list allows nobody. A name is worth what the authorities that issue it are worth: any of the client CAs
/// can issue any name, so add ``Rule/issuer(_:)`` where several authorities are trusted.
public struct AuthorizationRules: Sendable, Hashable {
    /// What an identity's certificate must have.
    public indirect enum Rule: Sendable, Hashable {
        /// The first common name of the subject is this, letter for letter.
        case commonName(String)
        /// One of the organizations of the subject is this, letter for letter.
        case organization(String)
        /// One of the URIs of the subject alternative names is this, letter for letter: a SPIFFE identity, for example.
        case uri(String)
        /// One of the DNS names of the subject alternative names is this, whatever the letter case. A wildcard in the
        /// certificate is no more than its own text.
        case dnsName(String)
        /// The serial number is this, in hexadecimal digits of either case, with or without colons and leading zeros.
        /// Serial numbers are unique with one issuer alone (RFC 5280 section 4.1.2.2).
        case serialNumber(String)
        /// The issuer's name is this, in the text of RFC 4514 that ``DistinguishedName`` shows.
        case issuer(String)
        /// All of these fit; an empty list never does.
        case all([Rule])
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
        return allowed.contains { $0.fits(identity.certificate) }
    }
}

extension AuthorizationRules.Rule {
    fileprivate func fits(_ certificate: Certificate) -> Bool {
        switch self {
        case .commonName(let name): certificate.commonName == name
        case .organization(let name): certificate.organizations.contains(name)
        case .uri(let uri): certificate.uris.contains(uri)
        case .dnsName(let name): certificate.dnsNames.contains { $0.lowercased() == name.lowercased() }
        case .serialNumber(let text): Self.significantDigits(certificate.serialNumber) == Self.significantDigits(text)
        case .issuer(let name): certificate.issuer.text == name
        case .all(let rules): !rules.isEmpty && rules.allSatisfy { $0.fits(certificate) }
        }
    }

    private static func significantDigits(_ text: String) -> String {
        String(text.uppercased().filter { $0 != ":" }.drop { $0 == "0" })
    }
}

/// Who the other side of a connection is, as this side's own verification found.
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

    /// A name for people: the common name, else the first URI or DNS name, else the subject.
    public var displayName: String {
        certificate.commonName ?? certificate.uris.first ?? certificate.dnsNames.first
            ?? certificate.subject.description
    }
}

extension PeerIdentity: CustomStringConvertible {
    /// Subject and serial number of the certificate.
    public var description: String { "\(certificate)" }
}

extension ConnectionInformation {
    /// Who the verified peer is; nil for a peer without a certificate, and for one whose certificate is a mere claim.
    public var peerIdentity: PeerIdentity? { PeerIdentity(self) }
}
