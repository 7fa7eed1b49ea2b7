/// How a server of a case is set up. Certificates and credentials are named as in the scenario.
package struct ServerSettings: Hashable, Codable, Sendable {
    /// The credential that is served when no other is chosen by name.
    package var identity: String?
    /// Further credentials by the name in the ClientHello (`*.example.test` for one label).
    package var identitiesByName: [String: String] = [:]
    /// Whether an unknown name is refused with unrecognized_name instead of the default identity.
    package var strictSNI = false
    package var clientAuth = ClientAuthMode.noClientCert
    /// The modes of hosts that have one of their own, by the name in the ClientHello, in lower case.
    package var hosts: [String: ClientAuthMode] = [:]
    /// The pool that client certificates must chain to; nil when none was configured, which is not the empty pool.
    package var clientCAs: [String]?
    package var acceptableCANames = AcceptableCANames.derived
    package var revocation = RevocationMode.off
    package var revocationLists: [String] = []
    package var pools = PoolPolicy.fixed
    package var sessions: SessionSettings?

    package init() {}
}

/// Which CA names a server puts into its CertificateRequest.
package enum AcceptableCANames: String, Hashable, Codable, Sendable {
    /// The subjects of ClientCAs.
    case derived
    /// None, although there is a pool.
    case none
}

/// How far revocation is checked.
package enum RevocationMode: String, Hashable, Codable, Sendable {
    case off
    case leaf
    case chain
}

/// How a client of a case is set up.
package struct ClientSettings: Hashable, Codable, Sendable {
    /// The credential that the client holds; nil for none.
    package var identity: String?
    package var presents = Presentation.always
    /// The pool that the server's certificate must chain to; nil when none was configured.
    package var rootCAs: [String]?
    /// The name that the server's certificate must carry, as the user wrote it; nil when none was given.
    package var serverName: String?
    /// The value of the server_name extension in place of the one that follows from `serverName`.
    package var sniOverride: String?
    /// How the ClientHello goes out; nil for one record in one piece.
    package var helloCut: HelloCut?
    package var insecureSkipVerify = false
    package var revocation = RevocationMode.off
    package var revocationLists: [String] = []
    package var pools = PoolPolicy.fixed
    package var sessions: SessionSettings?

    package init() {}
}

/// A ClientHello in several pieces, which says the same as a whole one (RFC 8446 section 5.1).
package enum HelloCut: Hashable, Codable, Sendable {
    /// In records of at most so many bytes.
    case records(Int)
    /// In TCP segments of at most so many bytes.
    case segments(Int)
}

/// When a client presents the certificate that it holds.
package enum Presentation: String, Hashable, Codable, Sendable {
    /// Whenever the server asks (Go's `GetClientCertificate`, GnuTLS's `GNUTLS_FORCE_CLIENT_CERT`, OpenSSL).
    case always
    /// Only if an issuer in its chain is among the CA names that the server sent (Go's `Certificates`, GnuTLS).
    case matching
}

/// How a side of a case uses sessions; without such settings it neither issues nor offers any.
package struct SessionSettings: Hashable, Codable, Sendable {
    /// How long after the full handshake a session may be used.
    package var lifetimeSeconds: Int64
    /// Server: whether its ticket keys come from a secret that outlives a restart; a client has none.
    package var sharesTicketKeys: Bool

    package init(lifetimeSeconds: Int64, sharesTicketKeys: Bool = false) {
        self.lifetimeSeconds = lifetimeSeconds
        self.sharesTicketKeys = sharesTicketKeys
    }
}

/// When a side takes its pools, its mode and its server name.
package enum PoolPolicy: String, Hashable, CaseIterable, Codable, Sendable {
    /// Once, when it starts.
    case fixed
    /// For each handshake.
    case live
}
