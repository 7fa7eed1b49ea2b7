import Foundation
import MutualTLS

/// Handshakes of one server and one client of the library, back to back in memory on one thread.
struct Measurement {
    /// Which handshakes are timed.
    enum Kind: String, CaseIterable {
        /// Full ones, with sessions switched off.
        case full
        /// Full ones, which end with tickets for the next.
        case fullWithTickets
        /// Resumed ones.
        case resumed
    }

    private let server: MutualTLSServer
    private let client: MutualTLSClient
    private let kind: Kind

    init(_ kind: Kind, _ version: TLSVersion, _ credentials: Credentials) throws {
        self.kind = kind
        let now: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }
        var server = MutualTLSConfiguration.Server(identity: credentials.server, currentTime: now)
        server.clientAuth = .requireAndVerifyClientCert
        server.clientCAs = credentials.roots
        server.minimumVersion = version
        server.maximumVersion = version
        var client = MutualTLSConfiguration.Client(identity: credentials.client, currentTime: now)
        client.rootCAs = credentials.roots
        client.serverName = try ServerName("server.test")
        if kind != .full {
            server.sessions = .scoped()
            client.sessions = .scoped()
        }
        self.server = try server.resolve()
        self.client = try client.resolve()
    }

    /// The mean time of a handshake, in the median run.
    func median(runs: Int, handshakes: Int) throws -> Duration {
        try run(handshakes / 10)
        var times: [Duration] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            try run(handshakes)
            times.append((ContinuousClock.now - start) / handshakes)
        }
        return times.sorted()[runs / 2]
    }

    private func run(_ count: Int) throws {
        // The first one has no session to resume, and isn't looked at.
        if kind == .resumed { _ = try handshake() }
        for _ in 0..<count {
            guard try handshake() == (kind == .resumed) else { throw BenchmarkError.handshake("not \(kind)") }
        }
    }

    /// Both sides of one connection, until neither has anything left to say; whether it was resumed.
    private func handshake() throws -> Bool {
        let server = try server.makeConnection()
        let client = try client.makeConnection(offeringSession: kind == .resumed)
        client.start()
        while client.hasOutput || server.hasOutput {
            server.receive(client.takeOutput())
            client.receive(server.takeOutput())
        }
        guard server.state == .established, client.state == .established else {
            throw BenchmarkError.handshake("\(server.failure?.message ?? "") \(client.failure?.message ?? "")")
        }
        return server.information.didResume
    }
}
