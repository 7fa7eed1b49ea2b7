import ConformanceCatalogue
import ConformanceModel
import Foundation
import Testing

@testable import ConformanceEngine
@testable import Peers

/// Manifests of stacks that a line of shell plays.
enum FakePeer {
    /// A driver that is this shell script.
    static func driver(_ script: String, name: String = "fake") throws -> PeerManifest {
        var manifest = try PeerManifest.manifest(yaml: yaml(name), file: "peer.yaml", name: name, folder: "/tmp")
        manifest.driver = ["/bin/sh", "-c", script]
        return manifest
    }

    /// A server that is this shell script, and refuses its settings with `no CA file`.
    static func server(_ script: String) throws -> PeerManifest {
        let server = """
            server:
              launch: [/bin/true]
              ready: {line: listening}
              holds-input: true
              ends: {signal: KILL}
              refuses: [{reason: no-client-cas, pattern: no CA file}]
              tells: [{field: accepted, pattern: ok, value: "true"}]
            """
        let text = yaml("fake").replacing("driver: [/bin/true]", with: server)
        var manifest = try PeerManifest.manifest(yaml: text, file: "peer.yaml", name: "fake", folder: "/tmp")
        manifest.server?.launch = [["/bin/sh", "-c", script]]
        return manifest
    }

    static let hello = "read -r line; echo '{\"event\":\"hello\",\"id\":1,\"protocol\":1}'"

    /// Plays a case in which the fake serves a client of the library.
    static func play(_ manifests: [PeerManifest], server: String = "fake", patienceMs: Int = 4000) throws -> PlayOutcome
    {
        try player(manifests, patienceMs: patienceMs).play(
            testCase(server),
            seed: 1,
            now: Present.now,
            playsControl: false
        )
    }

    static func player(_ manifests: [PeerManifest], patienceMs: Int = 4000) throws -> CasePlayer {
        let settings = PeerSettings(manifests: manifests, buildFolder: "/tmp", patienceMs: patienceMs)
        return CasePlayer(stacks: try .standard(peers: PeerHost(settings)))
    }

    static func testCase(_ server: String) -> ConformanceCase {
        let pairing = Pairing(server: Stack(rawValue: server), client: .countersign)
        return SampleCase.make("fake", Setting(pairing: pairing, version: .tls13))
    }

    static func yaml(_ name: String) -> String {
        """
        peer: \(name)
        title: A fake
        package: dash
        program: /bin/sh
        version: {command: [echo, version 1.2], pattern: 'version (\\S+)'}
        driver: [/bin/true]
        """
    }
}
