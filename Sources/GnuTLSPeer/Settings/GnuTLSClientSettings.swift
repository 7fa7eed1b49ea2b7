/// How a GnuTLS client behaves; a value, given to ``GnuTLSClient``.
package struct GnuTLSClientSettings: Sendable {
    /// When the client sends its certificate to a server that asks.
    package enum Presents: Sendable, CaseIterable {
        /// Whatever CA names the server sent (`GNUTLS_FORCE_CLIENT_CERT`).
        case always
        /// If a certificate of the chain was issued by a name in the server's list, or the list is empty:
        /// GnuTLS's default.
        case matching
    }

    /// The credential to present; nil answers a CertificateRequest with an empty Certificate.
    package var identity: GnuTLSCredential?
    /// When `identity` is presented.
    package var presents: Presents
    /// Trust anchors for the server's certificate, in DER; empty trusts none. The system's are never used.
    package var rootCAs: [[UInt8]]
    /// The DNS name or IP address that the server's certificate must have; nil and "" verify the chain alone.
    package var serverName: String?
    /// The SNI to send; nil derives it from `serverName`, where IP addresses (bracketed ones too) send none.
    package var sni: String?
    /// Accepts any server, chain and name unchecked.
    package var insecureSkipVerify: Bool
    /// CRLs in DER.
    package var crls: [[UInt8]]
    /// Whether the CRLs are used.
    package var revocation: GnuTLSRevocation
    /// The lowest version that is offered.
    package var minimumVersion: GnuTLSVersion
    /// The highest version that is offered.
    package var maximumVersion: GnuTLSVersion
    /// Whether the client takes tickets, keeps the last session and offers it; otherwise `GNUTLS_NO_TICKETS`.
    package var keepsSessions: Bool
    /// Whether an update drops the session that is kept, and those of connections that began before it. GnuTLS leaves
    /// that to the application, and one that does not think of it goes on with what the old settings granted.
    package var forgetsSessionsOnUpdate: Bool
    /// The time for certificates and tickets, in seconds since 1970; nil is the system's.
    package var currentTime: (@Sendable () -> Int64)?

    /// Makes settings; the defaults are those of a client that verifies the server and presents nothing.
    package init(
        identity: GnuTLSCredential? = nil,
        presents: Presents = .matching,
        rootCAs: [[UInt8]] = [],
        serverName: String? = nil,
        sni: String? = nil,
        insecureSkipVerify: Bool = false,
        crls: [[UInt8]] = [],
        revocation: GnuTLSRevocation = .chain,
        minimumVersion: GnuTLSVersion = .tls12,
        maximumVersion: GnuTLSVersion = .tls13,
        keepsSessions: Bool = false,
        forgetsSessionsOnUpdate: Bool = false,
        currentTime: (@Sendable () -> Int64)? = nil
    ) {
        self.identity = identity
        self.presents = presents
        self.rootCAs = rootCAs
        self.serverName = serverName
        self.sni = sni
        self.insecureSkipVerify = insecureSkipVerify
        self.crls = crls
        self.revocation = revocation
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.keepsSessions = keepsSessions
        self.forgetsSessionsOnUpdate = forgetsSessionsOnUpdate
        self.currentTime = currentTime
    }
}
