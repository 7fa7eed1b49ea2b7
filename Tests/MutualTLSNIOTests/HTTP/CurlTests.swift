import MutualTLS
import MutualTLSNIO
import NIOCore
import PeerPrograms
import Testing

@Suite(
    "An HTTPS server, asked by curl",
    .enabled(if: PeerProgram.isInstalled("curl"), "curl is not installed: apt-get install curl")
)
struct CurlTests {
    @Test("greets the verified client by name", arguments: TLSVersion.allCases)
    func greeting(version: TLSVersion) async throws {
        try await TestHTTPServer.with(version: version) { server in
            let outcome = try await server.curl("valid")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "Hello, valid! You are authenticated. 200")
        }
    }

    @Test(
        "calls whoever was not verified unknown, whatever the certificate says",
        arguments: [ClientAuth.noClientCert, .requestClientCert, .requireAnyClientCert]
    )
    func unverified(mode: ClientAuth) async throws {
        try await TestHTTPServer.with(mode) { server in
            let outcome = try await server.curl("untrusted")
            #expect(outcome.output == "Hello, unknown! You are not authenticated. 200")
        }
    }

    @Test("serves the anonymous as unknown where a certificate is optional, and verifies one that comes")
    func optional() async throws {
        try await TestHTTPServer.with(.verifyClientCertIfGiven) { server in
            let anonymous = try await server.curl(nil)
            #expect(anonymous.output == "Hello, unknown! You are not authenticated. 200")
            #expect(try await server.curl("valid").output == "Hello, valid! You are authenticated. 200")
            #expect(try await server.curl("untrusted").status != 0)
        }
    }

    /// The exit code of curl depends on where it notices: in TLS 1.3 the refusal comes after its handshake, with the
    /// write (55), the read (56) or the HTTP/2 layer (16). Alert 45 in TLS 1.2 it takes for its own verification (60).
    static let refusals: [(credential: String?, version: TLSVersion, statuses: Set<Int32>)] = [
        (nil, .tls12, [35]), (nil, .tls13, [55, 56]),
        ("untrusted", .tls12, [35]), ("untrusted", .tls13, [16, 55, 56]),
        ("expired", .tls12, [60]), ("expired", .tls13, [16, 55, 56]),
        ("wrong-purpose", .tls12, [35]), ("wrong-purpose", .tls13, [16, 55, 56]),
    ]

    @Test("refuses everybody else in the handshake", arguments: refusals)
    func refused(credential: String?, version: TLSVersion, statuses: Set<Int32>) async throws {
        try await TestHTTPServer.with(version: version) { server in
            let outcome = try await server.curl(credential)
            #expect(statuses.contains(outcome.status), "curl ended with \(outcome.status): \(outcome.errors)")
            #expect(outcome.output == " 000")
            #expect(try await server.curl("valid").status == 0)
        }
    }

    @Test("is refused by curl when curl doesn't trust it, or expects another name", arguments: TLSVersion.allCases)
    func refusedByCurl(version: TLSVersion) async throws {
        try await TestHTTPServer.with(version: version) { server in
            let distrusting = try await server.curl("valid", ["--cacert", "other-root.crt"])
            #expect(distrusting.status == 60)
            let port = server.server.port
            let renamed = ["--connect-to", "other.test:\(port):127.0.0.1:\(port)"]
            #expect(try await server.curl("valid", renamed, host: "other.test").status == 60)
            #expect(try await server.curl("valid", ["--cacert", "missing.crt"]).status == 77)
            #expect(try await server.curl("missing").status == 58)
        }
    }

    @Test("keeps a connection for several requests")
    func keepAlive() async throws {
        try await TestHTTPServer.with { server in
            let again = "https://127.0.0.1:\(server.server.port)/again"
            let outcome = try await server.curl("valid", ["--write-out", " %{num_connects}\n", again])
            #expect(outcome.output.split(separator: "\n").map { $0.suffix(1) } == ["1", "0"])
        }
    }

    @Test("takes a body that curl announces with Expect, up to its limit")
    func body() async throws {
        let count: HTTPServer.Handler = { .text("\($0.body.readableBytes > 100) from \($0.path)") }
        let arguments = ["--data-binary", "@root.crt", "--header", "Expect: 100-continue"]
        try await TestHTTPServer.with(handler: count) { server in
            let outcome = try await server.curl("valid", arguments, path: "/p?q")
            #expect(outcome.output == "true from /p 200")
        }
        var options = TestHTTPServer.patientOptions
        options.maximumBodyBytes = 100
        try await TestHTTPServer.with(options: options, handler: count) { server in
            let outcome = try await server.curl("valid", arguments)
            #expect(outcome.output.hasSuffix(" 413"), "\(outcome)")
        }
    }
}
