import Foundation
import Glibc
import PeerPrograms
import Testing

@Suite("Clients of other stacks, and serve in each mode")
struct ForeignClientTests {
    @Test(
        "curl",
        .enabled(if: ForeignClient.curl.isInstalled, "curl is not installed: apt-get install curl"),
        arguments: PeerRow.all
    )
    func curl(row: PeerRow) async throws { try await play(.curl, row) }

    @Test(
        "openssl s_client",
        .enabled(if: ForeignClient.openssl.isInstalled, "openssl is not installed: apt-get install openssl"),
        arguments: PeerRow.all
    )
    func openssl(row: PeerRow) async throws { try await play(.openssl, row) }

    @Test(
        "gnutls-cli",
        .enabled(if: ForeignClient.gnutls.isInstalled, "gnutls-cli is not installed: apt-get install gnutls-bin"),
        arguments: PeerRow.all
    )
    func gnutls(row: PeerRow) async throws { try await play(.gnutls, row) }

    @Test(
        "Python's ssl",
        .enabled(if: ForeignClient.python.isInstalled, "python3 is not installed: apt-get install python3"),
        arguments: PeerRow.all
    )
    func python(row: PeerRow) async throws { try await play(.python, row) }

    @Test(
        "Go's crypto/tls",
        .enabled(if: ForeignClient.go.isInstalled, "go is not installed: apt-get install golang-go"),
        arguments: PeerRow.all
    )
    func go(row: PeerRow) async throws { try await play(.go, row) }

    @Test(
        "Node's tls",
        .enabled(if: ForeignClient.node.isInstalled, "node is not installed: apt-get install nodejs"),
        arguments: PeerRow.all
    )
    func node(row: PeerRow) async throws { try await play(.node, row) }

    /// One connection, and what both sides say of it. The server's graceful end is what ends a client that stays.
    private func play(_ kind: ForeignClient, _ row: PeerRow) async throws {
        let pki = try await PeerPKI.shared.value
        var options = ["serve", "--json", "--cert", "server.crt", "--key", "server.key", "--client-auth", row.mode]
        if row.mode != "NoClientCert" { options += ["--client-ca", "root.crt"] }
        let server = try PeerPKI.countersign.start(options, in: pki.folder)
        try #require(await server.hasWritten("listening"), "\(server.errors)")
        let port = try #require(try lines(of: server).first?["port"] as? Int)
        let client = try await kind.start(row, port: port)

        let isAccepted = row.isAccepted(heedsCANames: kind.heedsCANames)
        let name = row.name(heedsCANames: kind.heedsCANames)
        #expect(await server.hasWritten(#""event":"connection""#), "\(server.errors)")
        if isAccepted {
            #expect(await client.hasWritten("hello \(name ?? "anonymous")\n"), "\(client.output) \(client.errors)")
        } else {
            #expect(await client.end() == kind.refusedStatus(version: row.version), "\(client.errors)")
        }
        server.signal(SIGINT)
        #expect(await server.end() == 0)

        let told = try #require(try lines(of: server).first { $0["event"] as? String == "connection" })
        #expect(told["accepted"] as? Bool == isAccepted)
        let peer = told["peer"] as? [String: Any]
        #expect(peer?["commonName"] as? String == name)
        #expect(peer == nil || peer?["verified"] as? Bool == (row.verifies && isAccepted))
        if isAccepted {
            #expect(await client.end() == 0, "\(client.errors)")
        } else {
            let missing = row.version == "1.2" ? "handshake_failure" : "certificate_required"
            let alert = name == nil ? missing : "unknown_ca"
            #expect(told["alertSent"] as? String == alert)
            #expect((client.output + client.errors).contains(kind.words(alert)), "\(client.output) \(client.errors)")
        }
    }

    private func lines(of server: RunningProgram) throws -> [[String: Any]] {
        try server.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}
