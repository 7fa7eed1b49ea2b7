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
