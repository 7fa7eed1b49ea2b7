/// A GnuTLS client: settings that can be updated, and the last session, for new sessions to take.
///
/// There is no retrieve function, because GnuTLS leaves its own choice by CA names out where there is one. A session
/// takes identity, anchors, CRLs, name and the session to offer when it starts, and keeps them to its end: an update
/// between the making of a session and its start takes effect, a later one does not. Upon an error the last good
/// settings stay.
///
/// As in a plain GnuTLS application there is one session kept, the one whose ticket came last, whatever server or name
/// it belongs to; it outlives updates unless the settings say otherwise.
package final class GnuTLSClient {
    private(set) var generation: ClientGeneration
    /// The session to offer, as `gnutls_session_get_data2` packs it; a secret, as it holds the session's keys.
    var keptSession: [UInt8]?

    /// The settings as they were updated last.
    package var settings: GnuTLSClientSettings { generation.settings }

    /// Whether there is a session to offer.
    package var hasSession: Bool { keptSession != nil }

    /// Loads the settings' certificates, key and CRLs.
    package init(_ settings: GnuTLSClientSettings) throws(GnuTLSError) {
        try ThreadClock.install()
        if settings.keepsSessions, settings.currentTime != nil { try ThreadClock.requireTicketTime() }
        generation = try ClientGeneration(settings)
    }

    /// Replaces the identity.
    package func update(identity: GnuTLSCredential?) throws(GnuTLSError) {
        try update { $0.identity = identity }
    }

    /// Replaces the trust anchors for the server's certificate.
    package func update(rootCAs: [[UInt8]]) throws(GnuTLSError) {
        try update { $0.rootCAs = rootCAs }
    }

    /// Replaces the name that is verified, and with it the SNI that is derived from it.
    package func update(serverName: String?) throws(GnuTLSError) {
        try update { $0.serverName = serverName }
    }

    /// Replaces the CRLs.
    package func update(crls: [[UInt8]]) throws(GnuTLSError) {
        try update { $0.crls = crls }
    }

    /// Drops the session that is kept.
    package func forgetSession() {
        keptSession = nil
    }

    /// A session that says nothing before ``GnuTLSSession/start()``.
    ///
    /// - Parameter offeringSession: whether it offers the session that is kept at its start, if there is one. A new
    ///   ticket is kept in either case.
    package func makeSession(offeringSession: Bool = true) throws(GnuTLSError) -> GnuTLSSession {
        try GnuTLSSession(client: self, offersSession: offeringSession)
    }

    /// Keeps a session of a connection that began with this generation.
    func keep(_ session: [UInt8], from generation: ClientGeneration?) {
        if settings.forgetsSessionsOnUpdate, generation !== self.generation { return }
        keptSession = session
    }

    private func update(_ change: (inout GnuTLSClientSettings) -> Void) throws(GnuTLSError) {
        var settings = generation.settings
        change(&settings)
        generation = try ClientGeneration(settings)
        if settings.forgetsSessionsOnUpdate { forgetSession() }
    }
}
