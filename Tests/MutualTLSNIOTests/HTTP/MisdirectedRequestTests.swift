import Foundation
import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOHTTP1
import Testing

/// A request on a connection whose server_name chose one host, and the answer to it.
struct DirectedRequest: Sendable, CustomTestStringConvertible {
    /// The server_name that the client sends.
    let sni: String?
    let head: String
    let status: Int
    /// The host that the handler is told, where it is asked.
    let host: String?

    init(_ sni: String?, _ head: String, _ status: Int, host: String? = nil) {
        self.sni = sni
        self.head = head
        self.status = status
        self.host = host
    }

    /// A request of origin form.
    init(_ sni: String?, host field: String, _ status: Int, host: String? = nil) {
        self.init(sni, "GET / HTTP/1.1|Host: \(field)", status, host: host)
    }

    var text: String { head.split(separator: "|").joined(separator: "\r\n") + "\r\nConnection: close\r\n\r\n" }
    var testDescription: String { "\(sni ?? "no name"): \(head) → \(status)" }
}

@Suite("A request for another host than its connection's")
struct MisdirectedRequestTests {
    static let own: [DirectedRequest] = [
        .init(nil, host: "127.0.0.1", 200, host: "127.0.0.1"),
        .init(nil, host: "[::1]:8443", 200, host: "::1"),
        .init("server.test", host: "server.test", 200, host: "server.test"),
        .init("server.test", host: "SERVER.TEST.:443", 200, host: "server.test"),
        // A name that nobody has gets the default policy, as this connection did.
        .init("server.test", host: "unknown.test:", 200, host: "unknown.test"),
        .init("admin.test", host: "admin.test", 200, host: "admin.test"),
        .init("admin.test", host: "Admin.Test.:8443", 200, host: "admin.test"),
        .init("ADMIN.test.", host: "%61dmin.test", 200, host: "admin.test"),
        .init("a.wild.test", host: "b.wild.test", 200, host: "b.wild.test"),
        .init("named.test", host: "named.test", 200, host: "named.test"),
        // The target stands above Host, for the handler too.
        .init("server.test", "GET https://server.test/ HTTP/1.1|Host: admin.test", 200, host: "server.test"),
        .init("admin.test", "GET HTTPS://ADMIN.test:443?a HTTP/1.1|Host: server.test", 200, host: "admin.test"),
        // No name at all: the connection's is the only one there is.
        .init("admin.test", "GET / HTTP/1.0", 200),
        .init("admin.test", "OPTIONS * HTTP/1.1|Host:", 200),
    ]

    static let others: [DirectedRequest] = [
        .init(nil, host: "admin.test", 421),
        .init(nil, host: "named.test", 421),
        .init("server.test", host: "admin.test", 421),
        .init("server.test", host: "ADMIN.test", 421),
        .init("server.test", host: "admin.test.", 421),
        .init("server.test", host: "Admin.Test.:8443", 421),
        .init("server.test", host: "%61dmin.tes%54", 421),
        .init("server.test", host: "b.wild.test", 421),
        .init("server.test", host: "named.test", 421),
        .init("unknown.test", host: "admin.test", 421),
        .init("admin.test", host: "server.test", 421),
        .init("admin.test", host: "127.0.0.1", 421),
        .init("admin.test", host: "[::1]:8443", 421),
        .init("a.wild.test", host: "admin.wild.test", 421),
        .init("a.wild.test", host: "a.b.wild.test", 421),
        .init("server.test", "GET https://admin.test/ HTTP/1.1|Host: server.test", 421),
        .init("server.test", "GET http://admin.test HTTP/1.1|Host: server.test", 421),
        .init("server.test", "CONNECT admin.test:443 HTTP/1.1|Host: server.test", 421),
        .init("server.test", "GET / HTTP/1.0|Host: admin.test", 421),
    ]

    static let malformed: [DirectedRequest] = [
        .init("server.test", "GET / HTTP/1.1|Accept: */*", 400),
        .init("server.test", "GET / HTTP/1.1|Host: server.test|Host: admin.test", 400),
        .init("server.test", "GET / HTTP/1.1|Host: server.test|Host: server.test", 400),
        .init("server.test", "GET https://server.test/ HTTP/1.1|Accept: */*", 400),
        .init("server.test", "GET https://admin.test@server.test/ HTTP/1.1|Host: server.test", 400),
        .init("server.test", "GET https:/// HTTP/1.1|Host: server.test", 400),
        .init("server.test", host: "server.test@admin.test", 400),
        .init("server.test", host: "server.test:443:admin.test", 400),
        .init("server.test", host: "server.test:x", 400),
        .init("server.test", host: "[::1", 400),
        .init("server.test", host: "[admin.test]", 400),
        .init("server.test", host: "admin%00.test", 400),
        .init("server.test", host: "admin%2Etest%2", 400),
        .init("server.test", host: ":443", 400),
    ]

    /// The default asks for nothing, `admin.test` for a client of `root`, the wildcard for one of another authority.
    static func hosts(_ settings: inout MutualTLSConfiguration.Server) throws {
        settings.defaultPolicyMayBeWeaker = true
        settings.sessions = .scoped()
        settings.identitiesByName = ["named.test": try TestPKI.identity("named")]
        settings.hosts = [
            "admin.test": try .init(
                identity: TestPKI.identity("admin"),
                clientAuth: .requireAndVerifyClientCert,
                clientCAs: TestPKI.pool("root")
            ),
            "*.wild.test": try .init(
                identity: TestPKI.identity("wild"),
                clientAuth: .requireAndVerifyClientCert,
                clientCAs: TestPKI.pool("root", "other-root")
            ),
            "admin.wild.test": try .init(
                identity: TestPKI.identity("admin"),
                clientAuth: .requireAndVerifyClientCert,
                clientCAs: TestPKI.pool("root")
            ),
        ]
    }

    /// A client that sends a name and takes any server of `root`: its own rules about names are not the question.
    static func client(
        _ sni: String?,
        _ version: TLSVersion,
        as credential: String? = "valid"
    ) throws -> MutualTLSClient {
        var settings = MutualTLSConfiguration.Client(
            identity: try credential.map(TestPKI.identity),
            currentTime: TestPKI.clock
        )
        settings.insecureSkipVerify = true
        settings.serverNameIndication = sni.map { .verbatim($0) } ?? .none
        settings.minimumVersion = version
        settings.maximumVersion = version
        settings.sessions = .scoped()
        return try settings.resolve()
    }

    static let echo: HTTPServer.Handler = { request in
        .text(
            "\(request.host ?? "none") \(request.headers["Host"]) \(request.connection.didResume ? "resumed" : "full")"
        )
    }

    private func play(_ requests: [DirectedRequest], _ version: TLSVersion) async throws {
        var options = TestHTTPServer.patientOptions
        // The answer to a misdirected request comes before any question about who asks.
        options.authorization = nil
        try await TestHTTPServer.with(
            .noClientCert,
            version: version,
            options: options,
            handler: Self.echo,
            settings: Self.hosts
        ) { server in
            for request in requests {
                let client = try Self.client(request.sni, version)
                for handshake in ["full", "resumed"] {
                    let answer = try await server.exchange(request.text, client)
                    #expect(answer.hasPrefix("HTTP/1.1 \(request.status) "), "\(request) \(handshake): \(answer)")
                    #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "\(request) \(handshake): \(answer)")
                    guard request.status == 200 else {
                        #expect(answer.contains("\r\nConnection: close\r\n"))
                        continue
                    }
                    #expect(answer.contains("\r\n\r\n\(request.host ?? "none") "), "\(request): \(answer)")
                    #expect(answer.hasSuffix(" \(handshake)"), "\(request): \(answer)")
                }
            }
        }
    }

    @Test("is answered where both names have one policy, resumed or not", arguments: TLSVersion.allCases)
    func answered(version: TLSVersion) async throws {
        try await play(Self.own, version)
    }

    @Test("gets 421 where the host has another policy or identity, resumed or not", arguments: TLSVersion.allCases)
    func misdirected(version: TLSVersion) async throws {
        try await play(Self.others, version)
    }

    @Test("gets 400 where it has no host, two hosts, or none that could be one", arguments: TLSVersion.allCases)
    func malformed(version: TLSVersion) async throws {
        try await play(Self.malformed, version)
    }

    @Test("reaches no handler, and neither do the requests behind it")
    func pipelined() async throws {
        try await TestHTTPServer.with(.noClientCert, handler: Self.echo, settings: Self.hosts) { server in
            let requests = [
                ("server.test", "keep-alive"), ("admin.test", "keep-alive"), ("server.test", "close"),
            ].map { host, end in "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: \(end)\r\n\r\n" }
            let answers = try await server.exchange(requests.joined(), Self.client("server.test", .tls13))
            let heads = answers.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
            #expect(heads == ["200", "421"], "\(answers)")
        }
    }

    @Test("tells a handler that goes by the Host field the target's")
    func hostField() async throws {
        try await TestHTTPServer.with(.noClientCert, handler: Self.echo, settings: Self.hosts) { server in
            let text = "GET https://server.test:1/ HTTP/1.1\r\nHost: admin.test\r\nConnection: close\r\n\r\n"
            let answer = try await server.exchange(text, Self.client("server.test", .tls13))
            #expect(answer.contains("\r\n\r\nserver.test [\"server.test:1\"] "), "\(answer)")
        }
    }

    @Test("is answered by a server without hosts, and by a strict one for its own names alone")
    func strict() async throws {
        try await TestHTTPServer.with(.noClientCert, handler: Self.echo) { server in
            let request = DirectedRequest("server.test", host: "admin.test", 200)
            let answer = try await server.exchange(request.text, Self.client("server.test", .tls13))
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
        try await TestHTTPServer.with(.noClientCert, handler: Self.echo, settings: { $0.strictSNI = true }) { server in
            for (sni, host, status) in [
                ("server.test", "Server.test", 200), ("server.test", "admin.test", 421), (nil, "127.0.0.1", 200),
                (nil, "server.test", 200), (nil, "admin.test", 421),
            ] {
                let request = DirectedRequest(sni, host: host, status)
                let answer = try await server.exchange(request.text, Self.client(sni, .tls13))
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
            }
        }
    }
}
