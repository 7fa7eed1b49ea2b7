import ConformanceModel
import Testing

@Suite("What plays a case of a run alone")
struct RunOptionsTests {
    private static let nginx = Stack(rawValue: "nginx")
    private static let go = Stack(rawValue: "go")
    private static let options = RunOptions(
        always: ["--scenarios", "mine"],
        stacks: ["nginx": ["--peer", "nginx"], "go": ["--subject", "go/peer.yaml"]]
    )

    @Test(
        "A case brings the programs of its own sides, and says when two of them meet",
        arguments: [
            (Pairing(server: .countersign, client: .gnutls), []),
            (Pairing(server: nginx, client: .gnutls), ["--peer", "nginx"]),
            (Pairing(server: .countersign, client: go), ["--subject", "go/peer.yaml"]),
            (Pairing(server: nginx, client: go), ["--peer", "nginx", "--subject", "go/peer.yaml", "--among-peers"]),
            (Pairing(server: go, client: go), ["--subject", "go/peer.yaml", "--among-peers"]),
        ]
    )
    func words(pairing: Pairing, words: [String]) {
        #expect(Self.options.words(for: pairing) == ["--scenarios", "mine"] + words)
    }
}
