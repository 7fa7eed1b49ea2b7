import LogCapture
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import MutualTLSSystems
import Testing

@Suite("The authorities and pinned keys of server-main and its clients")
struct NATSTrustTests {
    private let files: NATSFiles

    init() throws {
        files = try NATSFiles()
    }

    @Test("ca_file may hold several authorities, or individual certificates")
    func severalAuthorities() async throws {
        try files.concatenate(["client-ca", "second-client-ca", "self-signed"], to: "clients.pem")
        try await NATSServer.with(files.server(authorities: "clients.pem")) { server in
            for name in ["client-a", "client-c", "self-signed"] {
                let client = try await NATSClient.dial(files.client(name, port: server.port))
                #expect(client.information.localCertificate?.commonName == name)
                await client.close()
            }
            let foreign = try files.client("foreign", port: server.port)
            await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(foreign) }
        }
    }

    @Test("pinning one certificate of an authority lets its siblings stay out")
    func individual() async throws {
        try files.concatenate(["client-a"], to: "clients.pem")
        try await NATSServer.with(files.server(authorities: "clients.pem")) { server in
            let client = try await NATSClient.dial(files.client("client-a", port: server.port))
            await client.close()
            let sibling = try files.client("client-b", port: server.port)
            let failure = await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(sibling) }
            #expect(failure?.alertReceived == .unknownCA)
        }
    }

    @Test("the holder of a pinned certificate that is an authority can mint clients, and the log warns of it")
    func mintingClient() async throws {
        let log = LogLines()
        try files.concatenate(["self-signed-ca", "client-a"], to: "clients.pem")
        try await NATSServer.with(files.server(authorities: "clients.pem"), logger: log.logger) { server in
            #expect(
                log.all.contains {
                    $0.hasPrefix("warning: CN=self-signed-ca") && $0.contains("Pin a certificate with CA:FALSE")
                }
            )
            let minted = try await NATSClient.dial(files.client("minted", port: server.port))
            await minted.close()
        }
        let quiet = LogLines()
        try await NATSServer.with(files.server(authorities: "self-signed-ca.crt"), logger: quiet.logger) { server in
            // On its own it may well be meant as an authority; that a client presents it shows that it isn't.
            #expect(!quiet.all.contains { $0.contains("CA:FALSE") })
            let holder = try await NATSClient.dial(files.client("self-signed-ca", port: server.port))
            #expect(quiet.all.contains { $0.contains("Pin a certificate with CA:FALSE") })
            await holder.close()
        }
    }

    @Test("the ca_file of a client is for the server alone, and the server's for clients")
    func separateAuthorities() async throws {
        try await NATSServer.with(files.server()) { server in
            let mistaken = try files.client("client-a", port: server.port, authorities: "client-ca.crt")
            let failure = await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(mistaken) }
            #expect(failure?.reason == .unknownAuthority)
            #expect(failure?.alertSent == .unknownCA)
        }
        try await NATSServer.with(files.server(authorities: "server-ca.crt")) { server in
            let client = try files.client("client-a", port: server.port)
            let failure = await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(client) }
            #expect(failure?.alertReceived == .unknownCA)
        }
    }

    @Test("pinned keys are looked at on both sides, after the handshake")
    func pins() async throws {
        let pin = try NATSFiles.certificate("client-a").publicKeySHA256Hexadecimal
        try await NATSServer.with(files.server(more: "pinned_certs: [\"\(pin.uppercased())\"]")) { server in
            let client = try await NATSClient.dial(files.client("client-a", port: server.port))
            await client.close()
            let other = try files.client("client-b", port: server.port)
            let closed = await #expect(throws: MutualTLSSystemsError.self) { try await NATSClient.dial(other) }
            #expect(closed?.code == .connectionClosed)
            let suspicious = try files.client("client-a", port: server.port, more: "pinned_certs: [\"\(pin)\"]")
            let refused = await #expect(throws: MutualTLSSystemsError.self) { try await NATSClient.dial(suspicious) }
            #expect(refused?.code == .notPinned)
        }
    }
}
