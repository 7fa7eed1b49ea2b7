import Foundation
import MutualTLS

/// A server and a client of the library.
struct LibraryPair: Subject {
    private let server: MutualTLSServer
    private let client: MutualTLSClient
    private let version: TLSVersion

    init(
        _ version: TLSVersion,
        _ credentials: Credentials,
        _ atServer: ServerSessionPolicy,
        _ atClient: ClientSessionPolicy
    ) throws {
        self.version = version
        let now: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
        var server = MutualTLSConfiguration.Server(identity: credentials.server, currentTime: now)
        server.clientAuth = .requireAndVerifyClientCert
        server.clientCAs = credentials.roots
        server.minimumVersion = version
        server.maximumVersion = version
        server.sessions = atServer
        var client = MutualTLSConfiguration.Client(identity: credentials.client, currentTime: now)
        client.rootCAs = credentials.roots
        client.serverName = try ServerName("server.test")
        client.minimumVersion = version
        client.maximumVersion = version
        client.sessions = atClient
        self.server = try server.resolve()
        self.client = try client.resolve()
    }

    func handshake(resuming: Bool) throws -> Bool {
        let server = try server.makeConnection()
        let client = try client.makeConnection(offeringSession: resuming)
        client.start()
        while client.hasOutput || server.hasOutput {
            server.receive(client.takeOutput())
            client.receive(server.takeOutput())
        }
        guard server.state == .established, client.state == .established else {
            throw BenchmarkError.handshake("\(server.failure?.message ?? "") \(client.failure?.message ?? "")")
        }
        let (atServer, atClient) = (server.information, client.information)
        guard [atServer, atClient].allSatisfy({ $0.isPeerVerified && $0.version == version }) else {
            throw BenchmarkError.handshake("the library has verified only one side, or speaks another version")
        }
        return atServer.didResume && atClient.didResume
    }
}
