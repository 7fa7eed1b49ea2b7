@testable import MutualTLS

/// A server and a client that keep sessions, made from settings that a test changes between connections.
struct SessionPair {
    /// One secret for all servers, so that another server with other settings could open the ticket.
    static let secret = [UInt8](0..<32)

    var server: MutualTLSConfiguration.Server
    var client: MutualTLSConfiguration.Client
    let clock = MovableClock()

    init(
        _ version: TLSVersion,
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        credential: String? = "client",
        lifetime: Duration = .seconds(3_600)
    ) throws {
        server = try serverSettings(mode, version: version)
        server.sessions = .scoped(lifetime: lifetime, ticketKeys: .shared(secret: Self.secret))
        server.currentTime = clock.read
        client = try clientSettings(credential.map { try shared.identity($0) })
        client.sessions = .scoped(lifetime: .seconds(604_800))
        client.currentTime = clock.read
    }

    /// One connection, with a byte each way.
    static func connect(
        _ server: MutualTLSServer,
        _ client: MutualTLSClient,
        offeringSession: Bool = true
    ) throws -> Pairing {
        let pair = try Pairing(
            server: server.makeConnection(),
            client: client.makeConnection(offeringSession: offeringSession)
        )
        try pair.exchange()
        return pair
    }
}

extension Pairing {
    init(server: Connection, client: Connection) {
        self.server = server
        self.client = client
        pieceSize = nil
    }

    /// Whether both sides agree that the session came from an earlier connection.
    var isResumed: Bool {
        server.information.didResume && client.information.didResume
    }

    /// "resumed" or "full" for an accepted connection, and the reasons of a refused one.
    var outcome: String {
        let failures = [server.failure, client.failure].compactMap { $0 }
        guard failures.isEmpty else { return failures.map(\.reason.rawValue).joined(separator: " ") }
        guard server.information.didResume == client.information.didResume else { return "disagreement" }
        return isResumed ? "resumed" : "full"
    }
}
