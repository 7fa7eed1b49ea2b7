/// How a GnuTLS server behaves; a value, given to ``GnuTLSServer``.
package struct GnuTLSServerSettings: Sendable {
    /// The certificate_authorities that a CertificateRequest carries.
    package enum CANames: Sendable {
        /// The subjects of `clientCAs`: what GnuTLS does by itself.
        case derived
        /// An empty list (`gnutls_certificate_send_x509_rdn_sequence`).
        case none
        /// The subjects of these certificates (DER), which are not trusted by that.
        case list([[UInt8]])
    }

    /// Whether sessions are resumed, by tickets (RFC 5077, RFC 8446 section 4.6.1); GnuTLS has no other way without a
    /// database.
    package enum Sessions: Sendable {
        /// No ticket is issued or taken (`GNUTLS_NO_TICKETS`).
        case off
        /// Tickets are issued and taken (`gnutls_session_ticket_enable_server`).
        ///
        /// `lifetimeSeconds` is from 1 to 604,800 (7 days), GnuTLS's own default is 21,600. `ticketKey` is 64 bytes, as
        /// ``GnuTLSLibrary/makeTicketKey()`` makes them; nil makes a key for this server alone. Servers take each
        /// other's tickets if they have the same key and the same lifetime: GnuTLS derives the keys in use from the
        /// given one and from the number of periods of 3 lifetimes since 1970. Within the first period the keys in use
        /// are all zeros, whatever key was given.
        case on(lifetimeSeconds: Int = 21_600, ticketKey: [UInt8]? = nil)
    }

    /// Presented unless a name in `identitiesByName` matches; nil presents nothing, so handshakes fail with 40.
    package var identity: GnuTLSCredential?
    /// Chosen by SNI: ASCII case-folded exact match, then a wildcard for the first label, then `identity`.
    package var identitiesByName: [(name: String, credential: GnuTLSCredential)]
    /// Whether an SNI that matches nothing in `identitiesByName` ends in a fatal unrecognized_name (112).
    /// A ClientHello without SNI still gets `identity`.
    package var strictSNI: Bool
    /// The policy for client certificates.
    package var clientAuth: GnuTLSClientAuth
    /// Policies in place of `clientAuth`, by SNI in lower case and without a trailing dot.
    package var clientAuthByName: [String: GnuTLSClientAuth]
    /// Trust anchors for client certificates, in DER; empty trusts none.
    package var clientCAs: [[UInt8]]
    /// The CA names that are sent to clients.
    package var caNames: CANames
    /// CRLs in DER.
    package var crls: [[UInt8]]
    /// Whether the CRLs are used.
    package var revocation: GnuTLSRevocation
    /// The lowest version that is negotiated.
    package var minimumVersion: GnuTLSVersion
    /// The highest version that is negotiated.
    package var maximumVersion: GnuTLSVersion
    /// Whether sessions are resumed.
    package var sessions: Sessions
    /// The time for certificates and tickets, in seconds since 1970; nil is the system's.
    package var currentTime: (@Sendable () -> Int64)?

    /// Makes settings; the defaults are those of a server without client authentication.
    package init(
        identity: GnuTLSCredential?,
        identitiesByName: [(name: String, credential: GnuTLSCredential)] = [],
        strictSNI: Bool = false,
        clientAuth: GnuTLSClientAuth = .noClientCert,
        clientAuthByName: [String: GnuTLSClientAuth] = [:],
        clientCAs: [[UInt8]] = [],
        caNames: CANames = .derived,
        crls: [[UInt8]] = [],
        revocation: GnuTLSRevocation = .chain,
        minimumVersion: GnuTLSVersion = .tls12,
        maximumVersion: GnuTLSVersion = .tls13,
        sessions: Sessions = .off,
        currentTime: (@Sendable () -> Int64)? = nil
    ) {
        self.identity = identity
        self.identitiesByName = identitiesByName
        self.strictSNI = strictSNI
        self.clientAuth = clientAuth
        self.clientAuthByName = clientAuthByName
        self.clientCAs = clientCAs
        self.caNames = caNames
        self.crls = crls
        self.revocation = revocation
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.sessions = sessions
        self.currentTime = currentTime
    }
}

/// How a GnuTLS client behaves; a value, given to ``GnuTLSClient``.
package struct GnuTLSClientSettings: Sendable {
    /// When the client sends its certificate to a server that asks.
    package enum Presents: Sendable, CaseIterable {
        /// A certificate is sent whatever CA names the server sent (`GNUTLS_FORCE_CLIENT_CERT`).
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
