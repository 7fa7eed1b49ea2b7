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
