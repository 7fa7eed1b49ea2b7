import Foundation
import MutualTLS
import MutualTLSSystems
import NIOCore
import PeerPrograms
import Testing

@Suite(
    "Clients of this library and the real nats-server",
    .enabled(if: PeerProgram.isInstalled("nats-server"), "nats-server is not installed: apt-get install nats-server")
)
struct RealNATSServerTests {
    private let files: NATSFiles

    init() throws {
        files = try NATSFiles()
    }

    /// Runs nats-server on a free port of its own choice.
    func with(_ text: String, _ body: (RunningProgram, Int) async throws -> Void) async throws {
        try files.folder.write(text + "\nlogtime: false\n", to: "nats.conf")
        let program = try #require(PeerProgram("nats-server"))
        let running = try program.start(
            ["-c", "nats.conf", "--ports_file_dir", files.folder.path],
            in: files.folder.path
        )
        let isReady = await running.hasWritten("Server is ready")
        try #require(isReady, "\(running.errors)")
        let marker = "Listening for client connections on 127.0.0.1:"
        let line = try #require(running.errors.components(separatedBy: marker).dropFirst().first)
        let port = try #require(Int(line.prefix { $0.isNumber }))
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(running, port))
        } catch {
            result = .failure(error)
        }
        running.signal(SIGTERM)
        _ = await running.end()
        try result.get()
    }

    @Test("client-a and client-b talk through it with verify", arguments: TLSVersion.allCases)
    func talk(version: TLSVersion) async throws {
        try await with(files.serverText()) { _, port in
            let first = try await NATSClient.dial(files.client("client-a", port: port), version)
            let second = try await NATSClient.dial(files.client("client-b", port: port), version)
            #expect(first.serverInfo.tlsVerify)
            #expect(first.information.version == version)
            #expect(first.information.peerIdentity?.displayName == "server-main")
            let heard = try await first.hears(second, say: "hello")
            #expect(heard == "hello")
            await first.close()
            await second.close()
        }
    }

    @Test("it refuses whom it can't verify", arguments: [nil, "foreign", "expired", "serving"], TLSVersion.allCases)
    func refused(client: String?, version: TLSVersion) async throws {
        try await with(files.serverText()) { _, port in
            let configuration = try files.client(client, port: port)
            // Its Go sends an alert, which a reset may overtake: only the refusal is certain.
            await #expect(throws: (any Error).self) { try await NATSClient.dial(configuration, version) }
            let accepted = try await NATSClient.dial(files.client("client-a", port: port), version)
            await accepted.close()
        }
    }

    @Test("it takes individual certificates in ca_file, and what the holder of an authority mints")
    func individual() async throws {
        try files.concatenate(["client-a", "self-signed", "self-signed-ca"], to: "clients.pem")
        try await with(files.serverText(authorities: "clients.pem")) { _, port in
            for name in ["client-a", "self-signed", "minted"] {
                let client = try await NATSClient.dial(files.client(name, port: port))
                await client.close()
            }
            let sibling = try files.client("client-b", port: port)
            await #expect(throws: (any Error).self) { try await NATSClient.dial(sibling) }
        }
    }

    @Test("it looks at pinned keys as our server does")
    func pins() async throws {
        let pin = try NATSFiles.certificate("client-a").publicKeySHA256Hexadecimal
        try await with(files.serverText(more: "pinned_certs: [\"\(pin)\"]")) { _, port in
            let pinned = try await NATSClient.dial(files.client("client-a", port: port))
            await pinned.close()
            let other = try files.client("client-b", port: port)
            await #expect(throws: (any Error).self) { try await NATSClient.dial(other) }
        }
    }

    @Test("after a reload new connections meet the new certificate, and existing ones go on")
    func reload() async throws {
        try await with(files.serverText()) { server, port in
            let before = try await NATSClient.dial(files.client("client-a", port: port))
            let changed = files.serverText(identity: "server-renewed", authorities: "second-client-ca.crt")
                .replacingOccurrences(of: "127.0.0.1:-1", with: "127.0.0.1:\(port)")
            try files.folder.write(changed + "\nlogtime: false\n", to: "nats.conf")
            server.signal(SIGHUP)
            let isReloaded = await server.hasWritten("Reloaded server configuration")
            try #require(isReloaded, "\(server.errors)")
            let after = try await NATSClient.dial(files.client("client-c", port: port))
            #expect(after.information.peerIdentity?.displayName == "server-renewed")
            let heard = try await before.hears(after, say: "still here")
            #expect(heard == "still here")
            let old = try files.client("client-a", port: port)
            await #expect(throws: (any Error).self) { try await NATSClient.dial(old) }
            await before.close()
            await after.close()
        }
    }

    @Test("it doesn't start with client_auth, which our parser refuses too")
    func clientAuth() async throws {
        let text = files.serverText(more: "client_auth: true")
        try files.folder.write(text, to: "nats.conf")
        let outcome = try await #require(PeerProgram("nats-server")).run(["-c", "nats.conf"], in: files.folder.path)
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("unknown field [\"client_auth\"]"))
        let error = #expect(throws: MutualTLSSystemsError.self) { try NATSConfiguration(parsing: text) }
        #expect(error?.code == .unknownKey)
    }
}
