import Foundation
import Testing

@Suite("Published schemas")
struct SchemaTests {
    private static let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scenarios").path(
            percentEncoded: false
        )

    @Test("Results, a comparison and the version are as their schemas say")
    func files() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run("run", "client-auth/*", "--seed", "7", "--json", "a.json").status == 0)
        #expect(try JSONSchema("results").violations(in: program.contents("a.json")) == [])
        let red = program.contents("a.json").replacing("\"verdict\":\"passed\"", with: "\"verdict\":\"late\"")
        #expect(try JSONSchema("results").violations(in: red).count == 4)
        #expect(try program.run("run", "client-auth/small/Request", "--seed", "7", "--json", "b.json").status == 0)
        #expect(
            try program.run("compare", "a.json", "b.json", "--json", "c.json", "--html", "c.html", "--markdown", "c.md")
                .status == 1
        )
        #expect(try JSONSchema("compare").violations(in: program.contents("c.json")) == [])
        #expect(program.contents("c.md").contains("2 gone"), "\(program.contents("c.md"))")
        #expect(program.contents("c.html").contains("2 gone"))
        let version = try program.run("version", "--json")
        #expect(try JSONSchema("version").violations(in: version.output) == [])
        #expect(version.output.contains("\"openssl\""))
    }

    @Test("Lines of doctor and explain are as their schemas say")
    func lines() throws {
        let program = try Program()
        defer { program.remove() }
        try Data("not a key\n".utf8).write(to: program.folder.appending(path: "broken.pem"))
        let doctor = try program.run("doctor", "--json", "--key", "broken.pem")
        let findings = doctor.output.split(separator: "\n")
        #expect(!findings.isEmpty, "\(doctor.errors)")
        for line in findings { #expect(try JSONSchema("doctor").violations(in: String(line)) == []) }
        let explain = try program.run(
            "explain",
            "--scenarios",
            Self.scenarios,
            "--json",
            "http: TLS handshake error from 10.0.0.7:5123: remote error: tls: bad certificate"
        )
        #expect(try JSONSchema("explain").violations(in: explain.output) == [], "\(explain.errors)")
        #expect(explain.output.contains("\"failures\":[{"))
    }
}
