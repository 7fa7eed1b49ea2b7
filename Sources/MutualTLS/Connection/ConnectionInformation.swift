/// What is known about a connection, as a value of one moment.
public struct ConnectionInformation: Sendable, Hashable {
    /// The peer's certificates as they were sent, leaf first; empty if none came.
    ///
    /// Without ``isPeerVerified`` they are a claim. Before ``ConnectionState/established`` it isn't even proven that
    /// the peer holds the leaf's key.
    public var peerCertificates: [Certificate]
    /// The chain from the peer's leaf to the anchor that vouches for it; empty unless ``isPeerVerified``. A pinned
    /// leaf is its own anchor: one certificate.
    public var verifiedChain: [Certificate]
    /// Whether this connection's own verification accepted the peer's certificate, and the handshake was finished.
    public var isPeerVerified: Bool
    /// The certificate that this side really sent on this connection, whatever was rotated in since; or nil.
    public var localCertificate: Certificate?
    /// The host name of the server_name extension (RFC 6066 section 3): as sent, on a client; verbatim as received,
    /// on a server.
    public var sni: String?
    /// On a client: the names in the server's CertificateRequest.
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
    /// Whether the session came from an earlier connection. Resumption is off, so it never does.
    public var didResume: Bool
}
