import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Chains that are made to be searched for long")
struct HostileChainTests {
    private func reason(
        of pki: TestPKI,
        _ leaf: String,
        with sent: [String],
        trusting pool: String...
    ) throws
        -> ConnectionFailure.Reason?
    {
        let server = try serverSettings(pool: CertificatePool(pool.map(pki.certificate)))
        let pair = try Pairing(server: server, client: clientSettings(pki.identity(leaf, with: sent)))
        try pair.exchange()
        return pair.server.failure?.reason
    }

    @Test("of 150 authorities of one name lead nowhere")
    func sameName() throws {
        let pki = TestPKI(
            [CertificateRecipe(name: "root", isCA: true, subject: Subject(commonName: "A"))]
                + (0..<150).map {
                    CertificateRecipe(name: "ca-\($0)", isCA: true, subject: Subject(commonName: "A"))
                } + [client("leaf", issuer: "ca-0")]
        )
        #expect(try reason(of: pki, "leaf", with: (0..<150).map { "ca-\($0)" }, trusting: "root") == .unknownAuthority)
    }

    @Test("of a mesh whose every path is good but for its end are given up")
    func mesh() throws {
        // Every certificate of a layer was issued by every key of the layer above: 4^6 paths.
        var recipes = [CertificateRecipe(name: "root", isCA: true, pathLength: 0)]
        var sent: [String] = []
        for layer in 0..<6 {
            for number in 0..<4 {
                for above in 0..<(layer == 0 ? 1 : 4) {
                    let name = "\(layer)-\(number)-\(above)"
                    recipes.append(
                        CertificateRecipe(
                            name: name,
                            issuer: layer == 0 ? "root" : "\(layer - 1)-\(above)-0",
                            isCA: true,
                            subject: Subject(commonName: "layer \(layer)"),
                            keyOf: above == 0 ? nil : "\(layer)-\(number)-0"
                        )
                    )
                    sent.append(name)
                }
            }
        }
        let pki = TestPKI(recipes + [client("leaf", issuer: "5-0-0")])
        #expect(try reason(of: pki, "leaf", with: sent, trusting: "root") != nil)
    }

    @Test("don't hide the one path that is good")
    func decoys() throws {
        let pki = TestPKI(
            [
                CertificateRecipe(name: "root", isCA: true),
                CertificateRecipe(name: "mid", issuer: "root", isCA: true),
                client("leaf", issuer: "mid"),
            ]
                + (0..<40).map {
                    CertificateRecipe(
                        name: "decoy-\($0)",
                        issuer: "root",
                        isCA: true,
                        subject: Subject(commonName: "mid")
                    )
                }
        )
        let decoys = (0..<40).map { "decoy-\($0)" }
        #expect(try reason(of: pki, "leaf", with: decoys + ["mid"], trusting: "root") == nil)
    }

    @Test("that bring their own root don't make it an anchor")
    func ownRoot() throws {
        let pki = TestPKI([
            CertificateRecipe(name: "root", isCA: true, subject: Subject(commonName: "R")),
            CertificateRecipe(name: "own", isCA: true, subject: Subject(commonName: "R")),
            CertificateRecipe(name: "mid", issuer: "own", isCA: true),
            client("leaf", issuer: "mid"),
        ])
        #expect(try reason(of: pki, "leaf", with: ["mid", "own"], trusting: "root") == .unknownAuthority)
    }
}
