import ConformanceCatalogue
import ConformanceModel
import Foundation
import Testing

@Suite("Peer manifests")
struct PeerManifestTests {
    @Test(
        "what is wrong is told with its line and the nearest known word",
        arguments: [
            ("titel: X", "peer.yaml:1: unknown key “titel” in the manifest; the nearest known key is “title”"),
            (
                "unsupported: [{what: [RequestClientCrt], reason: no}]",
                "peer.yaml:1: unknown capability “RequestClientCrt”; the nearest known capability is “RequestClientCert”"
            ),
            (
                "unsupported: [{what: [server]}]",
                "peer.yaml:1: unsupported lacks “reason”"
            ),
            ("speaks: [htp]", "peer.yaml:1: unknown speaks “htp”; the nearest known speaks is “http”"),
            (
                "server: {launch: [x], ready: port, tells: [{field: sni, pattern: '(.*)'}]}",
                "peer.yaml:1: server tells nothing of “accepted”"
            ),
            (
                "server: {launch: [x], tells: [{field: accepted, pattern: 'x', value: 'true'}]}",
                "peer.yaml:1: server lacks “ready”: port, a line or a command"
            ),
            (
                "server: {launch: [x], ready: port, refuses: [{reason: weak-key}], "
                    + "tells: [{field: accepted, pattern: 'x', value: 'true'}]}",
                "peer.yaml:1: refuses needs a reason and a pattern"
            ),
            (
                "client: {launch: [x], tells: [{field: accepted, pattern: 'x'}]}",
                "peer.yaml:1: the pattern “x” needs a group in parentheses"
            ),
        ]
    )
    func wrong(_ line: String, _ message: String) throws {
        let error = #expect(throws: ScenarioError.self) {
            try PeerManifest.manifest(yaml: line + "\n" + head, file: "peer.yaml", name: "x", folder: "/tmp")
        }
        let issues = error.map { $0.issues.map(\.description) } ?? []
        #expect(issues.contains(message), "\(issues)")
    }

    @Test("a server's rotation takes its identity anew, and further settings that the manifest names")
    func rotationChanges() throws {
        func changes(_ line: String) throws -> Set<SettingChange.Setting>? {
            let server = """
                server:
                  launch: [x]
                  names: "server {name}"
                  ready: {command: [ready, "{port}"]}
                  tells: [{field: accepted, pattern: x, value: "true"}]
                  rotation: {told: {signal: HUP}, settled: done, connection-over: over\(line)}
                """
            let manifest = try PeerManifest.manifest(
                yaml: head.replacingOccurrences(of: "driver: [x]\n", with: "") + server,
                file: "peer.yaml",
                name: "x",
                folder: "/tmp"
            )
            #expect(manifest.server?.names == "server {name}")
            #expect(manifest.server?.ready == .command(["ready", "{port}"]))
            return manifest.server?.rotation?.settings
        }
        #expect(try changes("") == [.identity])
        #expect(try changes(", changes: [identity, clientCAs, crl]") == [.identity, .clientCAs, .crl])
    }

    @Test("a manifest must have its folder's name, and no name of a stack in process")
    func names() {
        let error = #expect(throws: ScenarioError.self) {
            try PeerManifest.manifest(
                yaml: head.replacingOccurrences(of: "peer: x", with: "peer: gnutls"),
                file: "peer.yaml",
                name: "x",
                folder: "/tmp"
            )
        }
        let messages = error?.issues.map(\.message) ?? []
        #expect(messages.contains("the peer is named “gnutls”, and its folder asks for “x”"))
        #expect(messages.contains("“gnutls” plays in process already; take another name"))
    }

    @Test("a case needs its role, its version, its mode and what its steps ask for")
    func needs() {
        var server = ServerSettings()
        server.clientAuth = .requireAnyClientCert
        server.strictSNI = true
        server.clientCAs = []
        #expect(server.needs == [.requireAnyClientCert, .strictSNI, .emptyPool])
        var client = ClientSettings()
        client.identity = "client"
        client.presents = .matching
        client.insecureSkipVerify = true
        #expect(client.needs == [.presentsMatching, .skipVerify])
    }

    @Test("a lack holds in its role alone, and says why")
    func lacks() throws {
        let text = head + "unsupported: [{what: [tls1.2], side: server, reason: it is new}]\n"
        let manifest = try PeerManifest.manifest(yaml: text, file: "peer.yaml", name: "x", folder: "/tmp")
        #expect(manifest.refusal(of: [.tls12], as: .server) == "x can't do tls1.2 as a server: it is new")
        #expect(manifest.refusal(of: [.tls12], as: .client) == nil)
    }

    @Test("every manifest of the repository can be read")
    func repository() throws {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let peers = try PeerManifest.loadAll(in: folder.path(percentEncoded: false) + "scenarios/peers")
        #expect(peers.count >= 10)
    }

    private let head = """
        peer: x
        title: X
        package: x
        program: x
        version: {command: [x], pattern: '(.*)'}
        driver: [x]

        """
}
