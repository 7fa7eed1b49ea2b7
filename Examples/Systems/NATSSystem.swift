import Foundation
import MutualTLS
import MutualTLSFiles
import MutualTLSSystems
import NIOCore

/// server-main with its two clients, each with a configuration file of NATS's own syntax.
public enum NATSSystem {
    /// Starts the server of `server.conf`, and has the clients of `client-a.conf` and `client-b.conf` talk through it.
    public static func start(_ folder: String) async throws -> RunningSystem {
        let path = "\(folder)/server.conf"
        let server = try await NATSServer.start("server-main", configuration(path))
        var events: [String] = []
        do {
            events.append(try await talk(folder, server.port))
        } catch {
            events.append("client-a and client-b could not talk: \(error)")
        }
        let block = try configuration(path).tls ?? NATSTLSBlock()
        let files = IdentityFiles(certificate: block.certFile ?? "", privateKey: block.keyFile ?? "")
        let reloader = try IdentityReloader(files, at: SystemClock.now())
        // As a reload of nats-server: the authorities of clients and `verify` are read anew too.
        let update: @Sendable () throws -> Void = { try server.reload(configuration(path)) }
        return RunningSystem(port: server.port, events: events, identity: reloader, update: update) {
            await server.shutdown(deadline: .seconds(2))
        }
    }

    private static func configuration(_ path: String) throws -> NATSConfiguration {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ConfigurationFileError(
                description: "\(path): expected a configuration file, found none that can be read"
            )
        }
        return try NATSConfiguration(parsing: text)
    }

    private static func client(_ name: String, _ folder: String, _ port: Int) async throws -> NATSClient {
        var settings = try configuration("\(folder)/\(name).conf")
        settings.servers = ["tls://localhost:\(port)"]  // the port that was free
        return try await NATSClient.connect(settings, name: name)
    }

    private static func talk(_ folder: String, _ port: Int) async throws -> String {
        let first = try await client("client-a", folder, port)
        let second = try await client("client-b", folder, port)
        let messages = try await second.subscribe("greetings.*")
        try await second.ping()
        try await first.publish(NATSMessage(subject: "greetings.b", payload: ByteBuffer(string: "hello")))
        var heard = messages.makeAsyncIterator()
        let text = await heard.next().map { String(buffer: $0.payload) } ?? "nothing"
        await first.close()
        await second.close()
        return "client-a published to greetings.b, and client-b heard: \(text)"
    }
}
