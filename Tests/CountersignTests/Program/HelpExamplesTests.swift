import Foundation
import PeerPrograms
import Testing

/// The examples that a newcomer copies out of the help work.
@Suite("The examples of the help")
struct HelpExamplesTests {
    private struct Dump: Decodable {
        var command: Command
    }

    private struct Command: Decodable {
        var commandName: String
        var discussion: String?
        var shouldDisplay: Bool
        var subcommands: [Command]?

        /// The command lines behind “Example:”, each up to the next one or the end of its paragraph.
        var examples: [String] {
            let paragraphs = (discussion ?? "").split(separator: "\n\n").filter { $0.hasPrefix("Example: ") }
            let own = paragraphs.flatMap { paragraph in
                "\n\(paragraph)".split(separator: "\nExample: ").map(String.init)
            }
            return own + (subcommands ?? []).filter(\.shouldDisplay).flatMap(\.examples)
        }
    }

    private static let scenario = """
        scenario: client-auth/credentials
        title: A client certificate is required
        source: [{rfc: 8446, section: 4.4.2.4}]
        pki:
          root: {ca: true}
          server: {issuer: root, dns: [server.test], eku: [serverAuth]}
          valid: {issuer: root, eku: [clientAuth]}
          expired: {issuer: root, eku: [clientAuth], valid: {from: -48h, to: -24h}}
        axes:
          clientAuth: [RequireAndVerifyClientCert]
          credential: [valid, expired]
          tls: [1.3]
          pairing: [countersign/gnutls]
        server: {identity: server, clientCAs: [root]}
        client: {rootCAs: [root], serverName: server.test}
        control: {credential: valid}

        """

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL

    /// A folder in which everything lies that the examples name.
    private func prepared() throws -> Program {
        let program = try Program()
        let folder = program.folder
        try FileManager.default.removeItem(at: folder.appending(path: "scenarios/client-auth/small.yaml"))
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try write("scenarios/client-auth/credentials.yaml", Self.scenario)
        for name in ["scenarios/failure-modes", "scenarios/peers"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name),
                withDestinationURL: Self.repository.appending(path: name)
            )
        }
        try write(
            "recipe.yaml",
            """
            pki:
              root: {ca: true, valid: {from: -1h, to: 90d}}
              server: {issuer: root, dns: [localhost], eku: [serverAuth], valid: {from: -1h, to: 90d}}
              client: {issuer: root, eku: [clientAuth], valid: {from: -1h, to: 90d}}
            """
        )
        try write(
            "plan.yaml",
            """
            certificates: {old: {authority: true}, new: {authority: true}, api: {issuer: old, names: [api.test]}}
            services:
              api: {presents: api, trusts: old, client-auth: NoClientCert}
              web: {trusts: old, calls: [api]}
            stages:
              - {change: {web: {trusts: [old, new]}}}
            """
        )
        try write("nats.conf", "tls { cert_file: server.crt, key_file: server.key, ca_file: ca.crt, verify: true }\n")
        try run("pki recipe.yaml --out . --force", in: program)
        try FileManager.default.copyItem(at: folder.appending(path: "root.crt"), to: folder.appending(path: "ca.crt"))
        try FileManager.default.createDirectory(
            at: folder.appending(path: "reports/latest"),
            withIntermediateDirectories: true
        )
        // A run of everything would find rules that no case of this small catalogue hits.
        try run("run client-auth --json reports/latest/results.json", in: program)
        try FileManager.default.copyItem(
            at: folder.appending(path: "reports/latest/results.json"),
            to: folder.appending(path: "reports/baseline.json")
        )
        for shard in 1...2 {
            try run("run client-auth --shard \(shard)/2 --seed 7 --json shard-\(shard).json", in: program)
        }
        return program
    }

    /// A catalogue of two cases has no case for most mutants, rules and shards, and the program says so.
    private func isOfSmallCatalogue(_ outcome: PeerProgram.Outcome, of example: String) -> Bool {
        switch outcome.status {
        case 1 where example.hasPrefix("countersign selftest "): true
        // A program for use has no mutants, and names the target that builds one with them.
        case 2 where example.hasPrefix("countersign selftest "): outcome.errors.contains("make selftest")
        case 1:
            outcome.output.contains("no case hits the rule") && !outcome.output.contains(" failed)")
        case 2:
            outcome.errors.contains("holds none of the 2 chosen cases")
                || outcome.errors.contains("no case with these stacks has an id that matches")
        default: false
        }
    }

    private func run(_ arguments: String, in program: Program) throws {
        let outcome = try program.run(arguments.split(separator: " ").map(String.init))
        try #require(outcome.status == 0, "\(arguments): \(outcome.output)\(outcome.errors)")
    }

    @Test("Each one that the help shows runs as it stands, and ends with 0", .timeLimit(.minutes(10)))
    func examples() async throws {
        let program = try prepared()
        defer { program.remove() }
        let server = try RunningServer(
            [
                "--cert", "server.crt", "--key", "server.key", "--client-auth", "RequireAndVerifyClientCert",
                "--client-ca", "root.crt",
            ],
            in: program.folder
        )
        let dump = try JSONDecoder().decode(
            Dump.self,
            from: Data(try program.run("--experimental-dump-help").output.utf8)
        )
        let examples = dump.command.examples
        #expect(examples.count >= 17, "\(examples)")
        let shell = try #require(PeerProgram("sh"))
        let binary = Program.executable.path()
        for example in examples {
            // A port of the system's choice, and a folder that goes with the test.
            var line = example.replacing("localhost:8443", with: "localhost:\(server.port)").replacing(
                "/tmp/",
                with: ""
            )
            guard line.hasPrefix("countersign ") else {
                Issue.record("no command of this program: \(example)")
                continue
            }
            line = "'\(binary)'" + line.dropFirst("countersign".count)
            // These serve until they are told to stop.
            let ready = ["serve": "listening", "system": "ready"].first { example.hasPrefix("countersign \($0.key) ") }
            if let ready {
                let port = ready.key == "serve" ? " --listen 127.0.0.1:0" : " --port 0"
                let serving = try shell.start(["-c", "exec \(line)\(port)"], in: program.folder.path())
                #expect(await serving.hasWritten(ready.value), "\(serving.errors)")
                serving.signal(SIGINT)
                #expect(await serving.end() == 0)
                continue
            }
            // Drivers of peers are found from the repository that they lie in.
            let isOfRepository = example.hasPrefix("countersign driver-check ")
            let folder = isOfRepository ? Self.repository : program.folder
            let outcome = try await shell.run(["-c", line], in: folder.path())
            let isExpected = outcome.status == 0 || isOfSmallCatalogue(outcome, of: example)
            #expect(isExpected, "\(example): \(outcome.status)\n\(outcome.output)\(outcome.errors)")
        }
        #expect(server.stop() == 0)
    }
}
