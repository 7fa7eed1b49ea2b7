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
