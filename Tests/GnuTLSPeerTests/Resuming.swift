internal import GnuTLSPeer
internal import Testing

/// A server and a client that keep sessions, for connections one after the other.
struct Resuming {
    let server: GnuTLSServer
    let client: GnuTLSClient

    init(_ server: GnuTLSServerSettings, _ client: GnuTLSClientSettings) throws {
        self.server = try GnuTLSServer(server)
        self.client = try GnuTLSClient(client)
    }

    /// The shared server and client, with sessions on.
    init(
        _ version: GnuTLSVersion,
        _ clientAuth: GnuTLSClientAuth = .noClientCert,
        identity: GnuTLSCredential? = nil,
        lifetimeSeconds: Int = 21_600,
        ticketKey: [UInt8]? = nil,
        forgets: Bool = false,
        currentTime: (@Sendable () -> Int64)? = nil
    ) throws {
        var server = try GnuTLSServerSettings.shared(version, clientAuth)
        server.sessions = .on(lifetimeSeconds: lifetimeSeconds, ticketKey: ticketKey)
        server.currentTime = currentTime
        var client = try GnuTLSClientSettings.shared(identity)
        client.keepsSessions = true
        client.forgetsSessionsOnUpdate = forgets
        client.currentTime = currentTime
        try self.init(server, client)
    }

    /// Plays a connection as far as it goes by itself.
    func connect(offering: Bool = true) throws -> Wire {
        Wire(try server.makeSession(), try client.makeSession(offeringSession: offering)).run()
    }
}
