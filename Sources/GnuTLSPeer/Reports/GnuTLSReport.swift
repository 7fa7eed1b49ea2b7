/// What one side of a connection saw, up to now.
package struct GnuTLSReport: Sendable {
    /// The handshake completed on this side and nothing has failed since. A TLS 1.3 client is true here until it reads
    /// the alert of a server that refused its certificate.
    package var accepted: Bool
    /// The first failure.
    package var failure: GnuTLSFailure?
    /// The alert that this side sent; close_notify is not counted.
    package var alertSent: UInt8?
    /// The fatal alert that this side received; close_notify is not counted.
    package var alertReceived: UInt8?
    /// The leaf (DER) that this side presented on this connection, or nil if it presented none.
    package var localCertificate: [UInt8]?
    /// The peer's certificates (DER) as they were sent, the leaf first. If `resumed`, none was sent on this connection:
    /// these are the ones of the connection that the session was made on, as GnuTLS restores them from it.
    package var peerChain: [[UInt8]]
    /// The verify function ran for a certificate on this connection and accepted it; false where nothing is verified.
    /// GnuTLS does not run it on a resumed connection, and a session does not tell whether it ever ran, so together with
    /// `resumed` this is always false.
    package var peerVerified: Bool
    /// The certificates from the peer's leaf to the trust anchor, both counted; 1 for a leaf that is trusted itself, 0
    /// if nothing was verified. GnuTLS does not hand out the path, so it is walked from the leaf as GnuTLS does: stop at
    /// a trusted certificate or below a trusted issuer, otherwise go on to the issuer among those sent.
    package var verifiedChainLength: Int
    /// The name in the ClientHello's server_name, as it was on the wire (RFC 6066); nil if there was none.
    package var sni: String?
    /// Client: the distinguished names in the CertificateRequest, as raw DER.
    package var caNames: [[UInt8]]
    /// `caNames` as RFC 4514 strings; a name that GnuTLS cannot read is left as its DER in hexadecimal after `#`.
    package var caNameStrings: [String]
    /// Client: whether the server sent a CertificateRequest.
    package var certificateRequested: Bool
    /// "1.2" or "1.3" once the ServerHello was seen.
    package var version: String?
    /// The cipher suite's IANA name once this side's handshake completed; GnuTLS does not tell it before.
    package var cipherSuite: String?
    /// Whether an earlier session was resumed (`gnutls_session_is_resumed`).
    package var resumed: Bool
}
