/// What is known about a connection, as a value of one moment.
public struct ConnectionInformation: Sendable, Hashable {
    /// The peer's certificates as they were sent, leaf first; empty if none came.
    ///
    /// On a resumed connection they are those of the full handshake: on a client all of them, on a server the leaf
    /// alone, since a ticket holds no more.
    ///
    /// Without ``isPeerVerified`` they are a claim. Before ``ConnectionState/established`` it isn't even proven that
    /// the peer holds the leaf's key.
    public var peerCertificates: [Certificate]
    /// The chain from the peer's leaf to the anchor that vouches for it; empty unless ``isPeerVerified``. A pinned
    /// leaf is its own anchor: one certificate.
    ///
    /// On a resumed connection a client has the chain of the full handshake, and a server has only
    /// ``verifiedChainLength``.
    public var verifiedChain: [Certificate]
    /// How many certificates the verified chain has, its anchor included; 0 unless ``isPeerVerified``.
    public var verifiedChainLength: Int
    /// Whether a verification accepted the peer's certificate, and the handshake was finished.
    ///
    /// It is this connection's own, or on a resumed one that of the full handshake, under the same policy.
    public var isPeerVerified: Bool
    /// The certificate that this side really sent on this connection, whatever was rotated in since; or nil.
    ///
    /// On a resumed connection it is the one that the full handshake showed: what the peer believes in.
    public var localCertificate: Certificate?
    /// The host name of the server_name extension (RFC 6066 section 3): as sent, on a client; verbatim as received,
    /// on a server.
    public var sni: String?
    /// On a client: the names in the server's CertificateRequest. A resumed connection has none.
    public var acceptableCANames: [DistinguishedName]
    /// Whether the server sent a CertificateRequest.
    public var certificateRequested: Bool
    /// The negotiated version, or nil before there is one.
    public var version: TLSVersion?
    /// The negotiated cipher suite as IANA names it, or nil before there is one.
    public var cipherSuite: String?
    /// The fatal alert that was sent.
    public var alertSent: Alert?
    /// The fatal alert that was received.
    public var alertReceived: Alert?
    /// Whether the session came from an earlier connection, so that no certificate was shown on this one.
    ///
    /// Without a session policy in the settings it never does.
    public var didResume: Bool
}
