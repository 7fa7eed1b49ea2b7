import Foundation
import Glibc
import PeerPrograms
import Testing

@Suite("Servers of other stacks in each of their modes, and connect")
struct ForeignServerTests {
    @Test(
        "openssl s_server",
        .enabled(if: ForeignServer.openssl.isInstalled, "openssl is not installed: apt-get install openssl"),
        arguments: PeerRow.all
    )
    func openssl(row: PeerRow) async throws { try await play(.openssl, row) }

    @Test(
        "gnutls-serv",
        .enabled(if: ForeignServer.gnutls.isInstalled, "gnutls-serv is not installed: apt-get install gnutls-bin"),
        arguments: PeerRow.all
    )
    func gnutls(row: PeerRow) async throws { try await play(.gnutls, row) }

    @Test(
        "Go's crypto/tls",
        .enabled(if: ForeignServer.go.isInstalled, "go is not installed: apt-get install golang-go"),
        arguments: PeerRow.all
    )
    func go(row: PeerRow) async throws { try await play(.go, row) }

    private func play(_ kind: ForeignServer, _ row: PeerRow) async throws {
        let folder = try await PeerPKI.shared.value.folder
        let (server, port) = try await kind.start(row)
        // A server that greets or refuses ends the wait; gnutls-serv says nothing to whom it has accepted.
        let patience = kind == .gnutls && row.isAccepted() ? "0" : "600"
        let outcome = try await PeerPKI.countersign.run(
            ["connect", "127.0.0.1:\(port)", "--json", "--ca", "root.crt", "--patience", patience]
                + ["--min-tls", row.version, "--max-tls", row.version] + row.credentialOptions("--cert", "--key"),
            in: folder
        )
        let told = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
            "\(outcome.errors)"
        )
        #expect(outcome.status == (row.isAccepted() ? 0 : 1))
        #expect(told["accepted"] as? Bool == row.isAccepted(), "\(outcome.output)")
        #expect(told["version"] as? String == row.version)
        let peer = try #require(told["peer"] as? [String: Any])
        #expect(peer["commonName"] as? String == "server")
        if row.isAccepted() {
            #expect(peer["verified"] as? Bool == true)
            #expect((told["served"] is [String: Any]) == row.presents())
            #expect(told["alertReceived"] is NSNull)
        } else {
            let alert = try #require(told["alertReceived"] as? String)
            #expect(kind.refusal(row).contains(alert), "\(alert)")
            #expect(told["phase"] as? String == (row.version == "1.2" ? "handshake" : "read"))
        }
        if kind == .go {
            let words = row.isAccepted() ? "accepted \(row.name() ?? "anonymous")" : "rejected"
            #expect(await server.hasWritten(words))
        }
        server.signal(SIGKILL)
        _ = await server.end()
    }
}
