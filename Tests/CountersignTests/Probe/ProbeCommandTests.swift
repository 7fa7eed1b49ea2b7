import Foundation
import Testing

@Suite("probe, as a user runs it")
final class ProbeCommandTests {
    private let program: Program

    deinit {
        program.remove()
    }

    init() throws {
        program = try Program()
        let recipe = """
            pki:
              root: {ca: true}
              server: {issuer: root, dns: [localhost], ip: [127.0.0.1], eku: [serverAuth], valid: {from: -1h, to: 90d}}
              client: {issuer: root, cn: alice, eku: [clientAuth]}
            """
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        #expect(minted.status == 0, "\(minted.errors)")
    }

    private func serve(_ mode: String, _ options: String...) throws -> RunningServer {
        var arguments = options + ["--cert", "pki/server.crt", "--key", "pki/server.key", "--client-auth", mode]
        if mode != "NoClientCert" { arguments += ["--client-ca", "pki/root.crt"] }
        return try RunningServer(arguments, in: program.folder)
    }

    @Test(
        "Each mode of the library's server is told in both versions",
        arguments: [
            "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
            "RequireAndVerifyClientCert",
        ]
    )
    func modes(mode: String) throws {
        let server = try serve(mode)
        let outcome = try program.run("probe", "localhost:\(server.port)", "--expect", mode, "--json")
        #expect(outcome.status == 0, "\(outcome.output)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(report["modes"] as? [String: String] == ["1.2": mode, "1.3": mode])
        #expect((report["evidence"] as? [String])?.isEmpty == false)
        let names = mode == "NoClientCert" ? [] : ["CN=root"]
        #expect(report["caNames"] as? [String] == names)
        #expect(server.stop() == 0)
    }

    @Test("Another mode than the expected one ends with 1")
    func expectation() throws {
        let server = try serve("RequestClientCert")
        let outcome = try program.run("probe", "localhost:\(server.port)", "--expect", "RequireAndVerifyClientCert")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("TLS 1.3: RequestClientCert"))
        #expect(outcome.output.contains("cfg-require-any-does-not-verify"))
        #expect(server.stop() == 0)
    }

    @Test("A version that the server declines stands in the way of no expectation")
    func declined() throws {
        let server = try serve("RequireAndVerifyClientCert", "--max-tls", "1.2")
        let outcome = try program.run("probe", "localhost:\(server.port)", "--expect", "RequireAndVerifyClientCert")
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.contains("TLS 1.3: the server doesn't speak it"))
        #expect(server.stop() == 0)
    }

    @Test("An identity of the user's is tried, and its refusal said with the phase")
    func identity() throws {
        let server = try serve("RequireAndVerifyClientCert")
        let target = "localhost:\(server.port)"
        let good = try program.run("probe", target, "--cert", "pki/client.crt", "--key", "pki/client.key", "--json")
        #expect(good.output.contains("\"identity\":{\"accepted\":true"), "\(good.output)")
        let wrong = try program.run("probe", target, "--cert", "pki/server.crt", "--key", "pki/server.key", "--json")
        #expect(wrong.output.contains("\"identity\":{\"accepted\":false"), "\(wrong.output)")
        #expect(wrong.output.contains("\"phase\":\"read\""))
        #expect(server.stop() == 0)
    }

    @Test("A port where nobody listens ends with 1 and the reason")
    func nobody() throws {
        let server = try serve("NoClientCert")
        let port = server.port
        #expect(server.stop() == 0)
        let outcome = try program.run("probe", "127.0.0.1:\(port)")
        #expect(outcome.status == 1)
        #expect(try program.run("probe", "127.0.0.1:\(port)", "--expect", "NoClientCert").status == 3)
        #expect(outcome.errors.contains("Connection refused"), "\(outcome.errors)")
    }
}
