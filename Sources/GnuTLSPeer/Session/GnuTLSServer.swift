internal import CGnuTLS

/// A GnuTLS server: settings that can be updated, for sessions to take.
///
/// A session takes identity, mode, anchors and CRLs together when its ClientHello is processed, and keeps them to its
/// end: an update between the making of a session and the last byte of its ClientHello takes effect, a later one does
/// not. Upon an error the last good settings stay. A credentials object holds one key with its chain and is replaced as
/// a whole, so no session mixes two generations.
///
/// Tickets know nothing of this: GnuTLS resumes a session under whatever is set now, and asks for no certificate and
/// calls no verify function then.
package final class GnuTLSServer {
    private(set) var generation: ServerGeneration
    let tickets: TicketIssuer?

    /// The settings as they were updated last.
    package var settings: GnuTLSServerSettings { generation.settings }

    /// Loads the settings' certificates, keys and CRLs.
    package init(_ settings: GnuTLSServerSettings) throws(GnuTLSError) {
        try ThreadClock.install()
        tickets = try TicketIssuer(settings.sessions)
        if tickets != nil, settings.currentTime != nil { try ThreadClock.requireTicketTime() }
        generation = try ServerGeneration(settings)
    }

    /// Replaces the default identity.
    package func update(identity: GnuTLSCredential?) throws(GnuTLSError) {
        try update { $0.identity = identity }
    }

    /// Replaces the trust anchors for client certificates, and with them the names that are derived from them.
    package func update(clientCAs: [[UInt8]]) throws(GnuTLSError) {
        try update { $0.clientCAs = clientCAs }
    }

    /// Replaces the policy for client certificates.
    package func update(clientAuth: GnuTLSClientAuth) throws(GnuTLSError) {
        try update { $0.clientAuth = clientAuth }
    }

    /// Replaces the CRLs.
    package func update(crls: [[UInt8]]) throws(GnuTLSError) {
        try update { $0.crls = crls }
    }

    /// A session that waits for a ClientHello.
    package func makeSession() throws(GnuTLSError) -> GnuTLSSession {
        try GnuTLSSession(server: self)
    }

    private func update(_ change: (inout GnuTLSServerSettings) -> Void) throws(GnuTLSError) {
        var settings = generation.settings
        change(&settings)
        generation = try ServerGeneration(settings)
    }
}

/// The settings that a session takes from its server or client at one moment and keeps to its end.
struct Snapshot {
    /// The presented identity, and on servers the CA names.
    let credentials: CertificateCredentials
    /// The anchors and CRLs that the verify function uses; often the same object.
    let trust: CertificateCredentials
    /// Client: the name that the server's certificate must have.
    var peerName: PeerName?
}

/// A client's settings, loaded: what its sessions take until the next update.
final class ClientGeneration {
    let settings: GnuTLSClientSettings
    let snapshot: Snapshot
    /// The name for the ClientHello's server_name; nil sends none.
    let sni: String?

    init(_ settings: GnuTLSClientSettings) throws(GnuTLSError) {
        self.settings = settings
        let crls = settings.revocation == .off ? [] : settings.crls
        let credentials = try CertificateCredentials(
            identity: settings.identity,
            anchors: settings.rootCAs,
            crls: crls
        )
        let peerName = settings.serverName.flatMap(PeerName.init)
        snapshot = Snapshot(credentials: credentials, trust: credentials, peerName: peerName)
        let sni = settings.sni ?? settings.serverName.flatMap(PeerName.sni(for:))
        self.sni = sni.flatMap { $0.isEmpty ? nil : $0 }
        if let sni = self.sni { try GnuTLSSession.checkServerName(sni) }
    }
}

/// A server's settings, loaded: what its sessions choose from until the next update.
final class ServerGeneration {
    let settings: GnuTLSServerSettings
    /// Taken if no other identity is chosen by name.
    let standard: Snapshot
    private let byName: [String: Snapshot]

    init(_ settings: GnuTLSServerSettings) throws(GnuTLSError) {
        self.settings = settings
        let trust = try Self.trust(settings)
        standard = try Self.snapshot(settings.identity, trust, settings)
        var byName: [String: Snapshot] = [:]
        for (name, credential) in settings.identitiesByName {
            byName[Self.folded(name)] = try Self.snapshot(credential, trust, settings)
        }
        self.byName = byName
    }

    /// The settings that a session takes for an SNI, or nil if it is unknown and names are strict.
    func snapshot(forName name: String?) -> Snapshot? {
        guard let name else { return standard }
        let folded = Self.folded(name)
        if let exact = byName[folded] { return exact }
        if let dot = folded.firstIndex(of: "."), let wildcard = byName["*" + folded[dot...]] { return wildcard }
        return settings.strictSNI ? nil : standard
    }

    /// The policy for client certificates that the host of an SNI has.
    func policy(forName name: String?) -> GnuTLSClientAuth {
        name.flatMap { settings.clientAuthByName[Self.folded($0)] } ?? settings.clientAuth
    }

    private static func snapshot(
        _ identity: GnuTLSCredential?,
        _ trust: CertificateCredentials?,
        _ settings: GnuTLSServerSettings
    ) throws(GnuTLSError) -> Snapshot {
        let credentials =
            switch settings.caNames {
            case .derived, .none:
                try CertificateCredentials(identity: identity, anchors: settings.clientCAs, crls: settings.usedCRLs)
            case .list(let certificates):
                try CertificateCredentials(identity: identity, anchors: certificates, crls: [])
            }
        return Snapshot(credentials: credentials, trust: trust ?? credentials)
    }

    /// Trust for the verify function where the names on the wire are not the trust anchors; nil where they are.
    private static func trust(_ settings: GnuTLSServerSettings) throws(GnuTLSError) -> CertificateCredentials? {
        guard case .list = settings.caNames else { return nil }
        return try CertificateCredentials(identity: nil, anchors: settings.clientCAs, crls: settings.usedCRLs)
    }

    /// DNS names compare without regard to ASCII case (RFC 4343) and to the dot that makes a name absolute; other
    /// characters stay.
    private static func folded(_ name: String) -> String {
        let bytes = name.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        return String(decoding: bytes.last == 0x2E ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

extension GnuTLSServerSettings {
    fileprivate var usedCRLs: [[UInt8]] { revocation == .off ? [] : crls }
}

/// The keys and the lifetime with which a server issues and takes tickets.
struct TicketIssuer {
    private static let lifetimes = 1...604_800

    private let lifetimeSeconds: Int
    private let key: [UInt8]

    /// Nil if the server has its sessions off.
    init?(_ sessions: GnuTLSServerSettings.Sessions) throws(GnuTLSError) {
        guard case .on(let lifetimeSeconds, let ticketKey) = sessions else { return nil }
        // GnuTLS divides by the lifetime, and takes more than its maximum for its maximum without a word.
        guard Self.lifetimes.contains(lifetimeSeconds) else {
            throw GnuTLSError(
                GNUTLS_E_INVALID_REQUEST,
                "setting a ticket lifetime of \(lifetimeSeconds) s, expected \(Self.lifetimes)"
            )
        }
        self.lifetimeSeconds = lifetimeSeconds
        let key: [UInt8] = if let ticketKey { ticketKey } else { try GnuTLSLibrary.makeTicketKey() }
        guard key.count == 64 else {
            throw GnuTLSError(
                GNUTLS_E_INVALID_REQUEST,
                "setting a ticket key of \(key.count) bytes, expected 64"
            )
        }
        self.key = key
    }

    /// Makes a session issue tickets and take them.
    func enable(on session: gnutls_session_t) throws(GnuTLSError) {
        gnutls_db_set_cache_expiration(session, Int32(lifetimeSeconds))
        try GnuTLSError.check(
            key.withDatum { gnutls_session_ticket_enable_server(session, &$0) },
            "enabling session tickets"
        )
    }
}

extension GnuTLSSession {
    /// Client, before the ClientHello: takes up the session that the client keeps.
    func offerSession(of client: GnuTLSClient) throws(GnuTLSError) {
        guard let session = client.keptSession else { return }
        let result = session.withUnsafeBytes { gnutls_session_set_data(pointer, $0.baseAddress, $0.count) }
        try GnuTLSError.check(result, "taking up a session of \(session.count) bytes")
    }

    /// Client: hands over the session if a ticket came since the last call.
    ///
    /// In TLS 1.2 that is during the handshake, in TLS 1.3 after it. Without a ticket `gnutls_session_get_data2` would
    /// pack what no server can resume, and would wait for one if the session were not non-blocking.
    func keepSession() {
        guard case .client(let client) = origin, observed.hasNewTicket else { return }
        observed.hasNewTicket = false
        guard client.settings.keepsSessions else { return }
        var data = AllocatedDatum()
        guard gnutls_session_get_data2(pointer, &data.datum) == GNUTLS_E_SUCCESS else { return }
        client.keep(data.bytes, from: clientGeneration)
    }
}
