import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOHTTP1
import Testing

@Suite("An HTTPS agent")
struct HTTPAgentTests {
    static var patientOptions: HTTPAgentOptions {
        var options = HTTPAgentOptions()
        options.idleTimeout = Loopback.patience
        options.requestTimeout = Loopback.patience
        options.dialer.connectTimeout = Loopback.patience
        options.dialer.limits.handshakeTimeout = Loopback.patience
        return options
    }

    static func settings(_ identity: (any IdentityProvider)?) throws -> MutualTLSConfiguration.Client {
        var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: TestPKI.clock)
        settings.rootCAs = try TestPKI.pool("root")
        return settings
    }

    static func with(
        _ settings: MutualTLSConfiguration.Client,
        options: HTTPAgentOptions = patientOptions,
        _ body: (HTTPAgent) async throws -> Void
    ) async throws {
        let agent = HTTPAgent(settings, group: Loopback.group, options: options)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(agent))
        } catch {
            result = .failure(error)
        }
        await agent.close()
        try result.get()
    }

    static func with(
        _ identity: (any IdentityProvider)?,
        version: TLSVersion = .tls13,
        options: HTTPAgentOptions = patientOptions,
        _ body: (HTTPAgent) async throws -> Void
    ) async throws {
        var settings = try settings(identity)
        settings.maximumVersion = version
        try await with(settings, options: options, body)
    }

    static func request(_ server: TestHTTPServer, path: String = "/") -> HTTPAgent.Request {
        HTTPAgent.Request(.GET, HTTPAgent.Origin(host: "127.0.0.1", port: server.server.port), path: path)
    }

    @Test("asks again on the connection that it has", arguments: TLSVersion.allCases)
    func sharedConnection(version: TLSVersion) async throws {
        try await TestHTTPServer.with { server in
            try await Self.with(TestPKI.identity("valid"), version: version) { agent in
                for _ in 0..<3 {
                    let response = try await agent.execute(Self.request(server))
                    #expect(response.status == .ok)
                    #expect(String(buffer: response.body) == "Hello, valid! You are authenticated.")
                    #expect(response.connection.version == version)
                }
                #expect(agent.connectionCount == 1)
                #expect(server.server.connectionCount == 1)
            }
        }
    }

    @Test("never uses a connection of an identity that has since been rotated")
    func rotation() async throws {
        let manager = CertManager(try TestPKI.identity("valid"))
        try await TestHTTPServer.with { server in
            try await Self.with(manager) { agent in
                let before = try await agent.execute(Self.request(server))
                manager.update(try TestPKI.identity("billing"))
                let after = try await agent.execute(Self.request(server))
                #expect(before.connection.localCertificate?.commonName == "valid")
                #expect(after.connection.localCertificate?.commonName == "billing")
                #expect(String(buffer: after.body) == "Hello, billing! You are authenticated.")
                #expect(agent.connectionCount == 1)
            }
        }
    }

    @Test("lets a request end on the identity that it began with, and keeps that connection for nobody")
    func rotationInFlight() async throws {
        let manager = CertManager(try TestPKI.identity("valid"))
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let handler: HTTPServer.Handler = { request in
            arrive.yield()
            for await _ in released { break }
            return .text(request.peer?.displayName ?? "unknown")
        }
        try await TestHTTPServer.with(handler: handler) { server in
            try await Self.with(manager) { agent in
                async let response = agent.execute(Self.request(server))
                for await _ in arrived { break }
                manager.update(try TestPKI.identity("billing"))
                release.yield()
                let body = String(buffer: try await response.body)
                #expect(body == "valid")
                #expect(agent.idleConnectionCount == 0)
                #expect(agent.connectionCount == 0)
            }
        }
    }

    @Test("makes new connections when its roots change")
    func roots() async throws {
        let manager = try TestNode.manager("valid")
        try await TestHTTPServer.with { server in
            let settings = MutualTLSConfiguration.Client(
                manager: manager,
                poolPolicy: .live,
                currentTime: TestPKI.clock
            )
            try await Self.with(settings) { agent in
                _ = try await agent.execute(Self.request(server))
                manager.setRootCAs(try TestPKI.pool("other-root"))
                let failure = await #expect(throws: ConnectionFailure.self) {
                    try await agent.execute(Self.request(server))
                }
                #expect(failure?.reason == .unknownAuthority)
                #expect(agent.connectionCount == 0)
            }
        }
    }

    @Test("takes revocation lists as it takes the rest of its settings, and leaves a connection when they change")
    func revocation() async throws {
        let lists = RevocationListManager(try TestPKI.lists("nobody").lists)
        try await TestHTTPServer.with { server in
            var settings = try Self.settings(TestPKI.identity("valid"))
            settings.revocation = .leaf(from: lists)
            try await Self.with(settings) { agent in
                #expect(try await agent.execute(Self.request(server)).status == .ok)
                #expect(agent.connectionCount == 1)
                lists.update(try TestPKI.lists("server-revoked"))
                let failure = await #expect(throws: ConnectionFailure.self) {
                    try await agent.execute(Self.request(server))
                }
                #expect(failure?.reason == .revoked)
                #expect(agent.connectionCount == 0)
            }
        }
    }

    @Test("resumes the sessions that its settings keep, and not under another identity")
    func sessions() async throws {
        let manager = CertManager(try TestPKI.identity("valid"))
        let echo: HTTPServer.Handler = { .text($0.connection.didResume ? "resumed" : "full") }
        try await TestHTTPServer.with(handler: echo, settings: { $0.sessions = .scoped() }) { server in
            var settings = try Self.settings(manager)
            settings.sessions = .scoped()
            var options = Self.patientOptions
            options.idleTimeout = .zero
            try await Self.with(settings, options: options) { agent in
                func answer() async throws -> String {
                    let body = String(buffer: try await agent.execute(Self.request(server)).body)
                    while agent.connectionCount > 0 { await Task.yield() }
                    return body
                }
                #expect(try await answer() == "full")
                #expect(try await answer() == "resumed")
                manager.update(try TestPKI.identity("billing"))
                #expect(try await answer() == "full")
                #expect(try await answer() == "resumed")
            }
        }
    }

    @Test("keeps a connection for no longer than its server says")
    func keepAlive() async throws {
        let handler: HTTPServer.Handler = { request in
            var response = HTTPServer.Response.text("")
            response.headers.add(name: "Keep-Alive", value: request.path == "/none" ? "max=0" : "timeout=3600, max=5")
            return response
        }
        try await TestHTTPServer.with(handler: handler) { server in
            try await Self.with(TestPKI.identity("valid")) { agent in
                _ = try await agent.execute(Self.request(server, path: "/some"))
                #expect(agent.idleConnectionCount == 1)
                _ = try await agent.execute(Self.request(server, path: "/none"))
                #expect(agent.connectionCount == 0)
            }
        }
    }

    @Test(
        "is told a refusal with its alert, though TLS 1.3 refuses after the handshake",
        arguments: TLSVersion.allCases
    )
    func refused(version: TLSVersion) async throws {
        try await TestHTTPServer.with { server in
            try await Self.with(nil, version: version) { agent in
                let failure = await #expect(throws: ConnectionFailure.self) {
                    try await agent.execute(Self.request(server))
                }
                #expect(failure?.alertReceived == (version == .tls12 ? .handshakeFailure : .certificateRequired))
            }
        }
    }

    @Test("has no more connections to an origin than it may, and serves everybody in line")
    func limit() async throws {
        var options = Self.patientOptions
        options.connectionsPerOrigin = 2
        try await TestHTTPServer.with(handler: { .text($0.path) }) { server in
            try await Self.with(TestPKI.identity("valid"), options: options) { agent in
                let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let response = try await agent.execute(Self.request(server, path: "/\(number)"))
                            #expect(agent.connectionCount <= 2)
                            return String(buffer: response.body)
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(bodies == Set((0..<20).map { "/\($0)" }))
                #expect(server.server.connectionCount <= 2)
            }
        }
    }

    @Test("drops a connection that nobody has used for the idle timeout")
    func idleTimeout() async throws {
        var options = Self.patientOptions
        options.idleTimeout = .milliseconds(10)
        try await TestHTTPServer.with { server in
            try await Self.with(TestPKI.identity("valid"), options: options) { agent in
                let response = try await agent.execute(Self.request(server))
                #expect(response.status == .ok)
                // The server's connection goes when the agent closes its own.
                while server.server.connectionCount > 0 { await Task.yield() }
                #expect(agent.connectionCount == 0)
            }
        }
    }

    @Test("sends a request anew when the connection that it kept has ended, unless it may not be repeated")
    func endedMeanwhile() async throws {
        let acceptor = try await MutualTLSAcceptor.bind(
            TestPKI.server(),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: Loopback.patientOptions
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(OnceServer()) }
        }
        let origin = HTTPAgent.Origin(host: "127.0.0.1", port: acceptor.port)
        try await Self.with(TestPKI.identity("valid")) { agent in
            for _ in 0..<3 {
                let response = try await agent.execute(HTTPAgent.Request(.GET, origin))
                #expect(response.status == .noContent)
            }
            let error = await #expect(throws: MutualTLSError.self) {
                try await agent.execute(HTTPAgent.Request(.POST, origin))
            }
            #expect(error?.code == .network)
        }
        await acceptor.shutdown(deadline: .zero)
    }

    /// Answers the first request of a connection, and ends the connection when a second one comes.
    private final class OnceServer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private var hasAnswered = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasAnswered else {
                context.close(promise: nil)
                return
            }
            hasAnswered = true
            let answer = ByteBuffer(string: "HTTP/1.1 204 No Content\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }

    @Test("gives up a response that doesn't come, or is too long")
    func limits() async throws {
        var options = Self.patientOptions
        options.maximumBodyBytes = 4
        let (never, _) = AsyncStream.makeStream(of: Void.self)
        let handler: HTTPServer.Handler = { request in
            if request.path == "/never" { for await _ in never {} }
            return .text("12345")
        }
        try await TestHTTPServer.with(handler: handler) { server in
            try await Self.with(TestPKI.identity("valid"), options: options) { agent in
                let long = await #expect(throws: MutualTLSError.self) { try await agent.execute(Self.request(server)) }
                #expect(long?.message.contains("at most 4 bytes") == true)
            }
            options.requestTimeout = .milliseconds(20)
            try await Self.with(TestPKI.identity("valid"), options: options) { agent in
                let late = await #expect(throws: MutualTLSError.self) {
                    try await agent.execute(Self.request(server, path: "/never"))
                }
                #expect(late?.message.contains("within 0.02 s") == true)
            }
        }
    }

    @Test("ends a cancelled request, and one that stands in line")
    func cancelled() async throws {
        var options = Self.patientOptions
        options.connectionsPerOrigin = 1
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let (never, _) = AsyncStream.makeStream(of: Void.self)
        let handler: HTTPServer.Handler = { _ in
            arrive.yield()
            for await _ in never {}
            return .text("")
        }
        try await TestHTTPServer.with(handler: handler) { server in
            try await Self.with(TestPKI.identity("valid"), options: options) { agent in
                let first = Task { try await agent.execute(Self.request(server)) }
                for await _ in arrived { break }
                let second = Task { try await agent.execute(Self.request(server)) }
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                first.cancel()
                await #expect(throws: CancellationError.self) { try await first.value }
            }
        }
    }

    @Test("sends nothing once it is closed")
    func closed() async throws {
        try await TestHTTPServer.with { server in
            try await Self.with(TestPKI.identity("valid")) { agent in
                _ = try await agent.execute(Self.request(server))
                await agent.close()
                #expect(agent.connectionCount == 0)
                let error = await #expect(throws: MutualTLSError.self) {
                    try await agent.execute(Self.request(server))
                }
                #expect(error?.code == .connectionClosed)
            }
        }
    }
}
