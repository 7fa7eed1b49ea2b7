import LogCapture
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import MutualTLSSystems
import NIOCore
import NIOPosix
import PeerPrograms
import Testing

@Suite("server-main and its clients")
struct NATSServerTests {
    private let files: NATSFiles

    init() throws {
        files = try NATSFiles()
    }

    @Test("client-a and client-b talk through it", arguments: TLSVersion.allCases)
    func talk(version: TLSVersion) async throws {
        try await NATSServer.with(files.server()) { server in
            let first = try await NATSClient.dial(files.client("client-a", port: server.port), version)
            let second = try await NATSClient.dial(files.client("client-b", port: server.port), version)
            #expect(first.serverInfo.serverName == "server-main")
            #expect(first.serverInfo.tlsVerify)
            #expect(first.information.peerIdentity?.displayName == "server-main")
            #expect(first.information.localCertificate?.commonName == "client-a")
            let heard = try await first.hears(second, say: "hello")
            #expect(heard == "hello")
            await first.close()
            await second.close()
        }
    }

    static let refusals: [(client: String?, alerts: [TLSVersion: Alert])] = [
        (nil, [.tls12: .handshakeFailure, .tls13: .certificateRequired]),
        ("foreign", [.tls12: .unknownCA, .tls13: .unknownCA]),
        ("expired", [.tls12: .certificateExpired, .tls13: .certificateExpired]),
        ("self-signed", [.tls12: .unknownCA, .tls13: .unknownCA]),
    ]

    @Test("nobody else gets in with verify, and the alert says why", arguments: refusals, TLSVersion.allCases)
    func refused(refusal: (client: String?, alerts: [TLSVersion: Alert]), version: TLSVersion) async throws {
        try await NATSServer.with(files.server()) { server in
            let configuration = try files.client(refusal.client, port: server.port)
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await NATSClient.dial(configuration, version)
            }
            #expect(failure?.alertReceived == refusal.alerts[version])
        }
    }

    @Test("a client takes revocation lists as it takes the rest of its settings", arguments: TLSVersion.allCases)
    func revocation(version: TLSVersion) async throws {
        let list = try NATSFiles.revoked()
        for (identity, reason) in [("server-main", nil), ("server-renewed", ConnectionFailure.Reason.revoked)] {
            try await NATSServer.with(files.server(identity: identity)) { server in
                let configuration = try files.client("client-a", port: server.port)
                do {
                    let client = try await NATSClient.connect(
                        configuration,
                        versions: version...version,
                        currentTime: systemClock,
                        configure: { $0.revocation = .leaf(from: RevocationListManager([list])) }
                    )
                    await client.close()
                    #expect(reason == nil)
                } catch let failure as ConnectionFailure {
                    #expect(failure.reason == reason)
                }
            }
        }
    }

    @Test("a certificate for servers alone doesn't get in")
    func purpose() async throws {
        try await NATSServer.with(files.server()) { server in
            let configuration = try files.client("serving", port: server.port)
            let failure = await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(configuration) }
            #expect(failure?.reason == .peerAlert)
        }
    }

    @Test("a queue group gets each message once, and shares them")
    func queueGroup() async throws {
        try await NATSServer.with(files.server()) { server in
            let publisher = try await NATSClient.dial(files.client("client-a", port: server.port))
            let member = try await NATSClient.dial(files.client("client-b", port: server.port))
            var shares: [AsyncStream<NATSMessage>] = []
            for _ in 0..<3 { shares.append(try await member.subscribe("work", queue: "workers")) }
            try await member.ping()
            for _ in 0..<300 { try await publisher.publish(NATSMessage(subject: "work", payload: ByteBuffer())) }
            try await publisher.ping()
            try await member.ping()
            await member.close()
            var counts: [Int] = []
            for share in shares { counts.append(await share.reduce(0) { count, _ in count + 1 }) }
            #expect(counts.reduce(0, +) == 300)
            #expect(counts.allSatisfy { (60...150).contains($0) }, "\(counts)")
            await publisher.close()
        }
    }

    @Test("a request is answered, with headers, or has no responders")
    func requests() async throws {
        try await NATSServer.with(files.server()) { server in
            let asking = try await NATSClient.dial(files.client("client-a", port: server.port))
            let answering = try await NATSClient.dial(files.client("client-b", port: server.port))
            let questions = try await answering.subscribe("help")
            try await answering.ping()
            let headers = ByteBuffer(string: "NATS/1.0\r\nTrace: 7\r\n\r\n")
            async let answer = asking.request(
                NATSMessage(subject: "help", payload: ByteBuffer(string: "?"), headers: headers),
                timeout: .minutes(5)
            )
            var iterator = questions.makeAsyncIterator()
            let question = try #require(await iterator.next())
            #expect(question.headers == headers)
            let reply = try #require(question.reply)
            try await answering.publish(NATSMessage(subject: reply, payload: ByteBuffer(string: "!")))
            #expect(String(buffer: try await answer.payload) == "!")
            let nobody = await #expect(throws: MutualTLSSystemsError.self) {
                try await asking.request(NATSMessage(subject: "nobody", payload: ByteBuffer()), timeout: .minutes(5))
            }
            #expect(nobody?.code == .noResponders)
            await asking.close()
            await answering.close()
        }
    }

    @Test("a client may do what the user of its certificate may, and its connection survives a refusal")
    func permissions() async throws {
        let users = """
            authorization { users: [
              { user: "CN=client-a", permissions { publish: "orders.>", subscribe: ["orders.*"] } }
            ] }
            """
        let configuration = try files.server(verify: false, more: "verify_and_map: true", users: users)
        try await NATSServer.with(configuration) { server in
            let client = try await NATSClient.dial(files.client("client-a", port: server.port))
            let heard = try await client.subscribe("orders.*")
            try await client.ping()
            try await client.publish(NATSMessage(subject: "payroll", payload: ByteBuffer()))
            let refused = await #expect(throws: MutualTLSSystemsError.self) { try await client.ping() }
            #expect(refused?.code == .refusedOperation)
            #expect(refused?.message.contains("payroll") == true)
            try await client.publish(NATSMessage(subject: "orders.new", payload: ByteBuffer(string: "1")))
            var iterator = heard.makeAsyncIterator()
            #expect(await iterator.next()?.subject == "orders.new")
            await client.close()
            let other = try files.client("client-b", port: server.port)
            let unknown = await #expect(throws: MutualTLSSystemsError.self) { try await NATSClient.dial(other) }
            #expect(unknown?.message.contains("Authorization Violation") == true)
        }
    }

    @Test("a password or a token is asked for where the configuration has one")
    func passwords() async throws {
        for users in ["authorization { user: a, password: b }", "authorization { token: secret }"] {
            try await NATSServer.with(files.server(users: users)) { server in
                let client = try files.client("client-a", port: server.port)
                let refused = await #expect(throws: MutualTLSSystemsError.self) { try await NATSClient.dial(client) }
                #expect(refused?.message.contains("Authorization Violation") == true)
            }
        }
    }

    @Test(
        "it doesn't start with keys that decide who gets in and that it has nothing for",
        arguments: [
            "accounts { A { users: [] } }", "authorization { users: [ { nkey: U } ] }", "no_auth_user: a",
            "authorization { user: a, password: \"$2a$11$x\" }",
        ]
    )
    func unsupported(text: String) async throws {
        let configuration = try files.server(users: text)
        let error = await #expect(throws: MutualTLSSystemsError.self) {
            try await NATSServer.start("server-main", configuration, currentTime: systemClock)
        }
        #expect(error?.code == .unknownKey)
        #expect(error?.message.contains("$2a") == false)
    }

    @Test("a client that doesn't answer PING is closed as stale")
    func stale() async throws {
        let text = files.serverText(users: "ping_interval: \"5ms\"\nping_max: 1")
        try await NATSServer.with(NATSConfiguration(parsing: text)) { server in
            let script = """
                openssl s_client -help > /dev/null 2>&1 && exec python3 - <<'EOF'
                import socket, ssl
                plain = socket.create_connection(("127.0.0.1", \(server.port)))
                while plain.recv(1) != b"\\n": pass
                tls = ssl.create_default_context(cafile="server-ca.crt")
                tls.load_cert_chain("client-a.crt", "client-a.key")
                stream = tls.wrap_socket(plain, server_hostname="127.0.0.1")
                text = b""
                while True:
                    part = stream.recv(4096)
                    if not part: break
                    text += part
                print(text.decode())
                EOF
                """
            let outcome = try await #require(PeerProgram("sh")).run(["-c", script], in: files.folder.path)
            #expect(outcome.output.contains("PING\r\n-ERR 'Stale Connection'"), "\(outcome.errors)")
        }
    }

    @Test("nobody is asked without verify")
    func unverified() async throws {
        try await NATSServer.with(files.server(authorities: nil, verify: false)) { server in
            let client = try await NATSClient.dial(files.client(nil, port: server.port))
            #expect(!client.serverInfo.tlsVerify)
            #expect(!client.information.certificateRequested)
            await client.close()
        }
    }

    @Test("a reload is for new connections; existing ones go on, and a bad one changes nothing")
    func reload() async throws {
        try await NATSServer.with(files.server()) { server in
            let before = try await NATSClient.dial(files.client("client-a", port: server.port))
            try server.reload(files.server(identity: "server-renewed", authorities: "second-client-ca.crt"))
            let after = try await NATSClient.dial(files.client("client-c", port: server.port))
            #expect(after.information.peerIdentity?.displayName == "server-renewed")
            #expect(before.information.peerIdentity?.displayName == "server-main")
            let heard = try await before.hears(after, say: "still here")
            #expect(heard == "still here")
            let old = try files.client("client-a", port: server.port)
            await #expect(throws: ConnectionFailure.self) { try await NATSClient.dial(old) }
            #expect(throws: MutualTLSFilesError.self) { try server.reload(files.server(identity: "missing")) }
            let again = try await NATSClient.dial(files.client("client-c", port: server.port))
            for client in [before, after, again] { await client.close() }
        }
    }

    @Test("a client that begins no TLS is dropped after the timeout, and has read INFO in plain text before")
    func stalled() async throws {
        var configuration = try files.server()
        configuration.tls?.timeout = .milliseconds(20)
        try await NATSServer.with(configuration) { server in
            let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
            _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(TextCollector(promise))
                    }
                }
                .connect(host: "127.0.0.1", port: server.port).get()
            let text = try await promise.futureResult.get()
            #expect(text.hasPrefix("INFO {"))
            #expect(text.contains("\"tls_required\":true"))
            #expect(text.split(separator: "\r\n").count == 1)
        }
    }

    @Test(
        "a client says nothing to a server without TLS, or to one that is no NATS server",
        arguments: [
            ("INFO {\"server_id\":\"x\"}\r\n", MutualTLSSystemsError.Code.noTLS), ("SSH-2.0-x\r\n", .protocolError),
            ("INFO nonsense\r\n", .protocolError), ("", .protocolError),
        ]
    )
    func otherServers(greeting: String, code: MutualTLSSystemsError.Code) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let heard = group.any().makePromise(of: String.self)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TextCollector(heard, saying: greeting))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let configuration = try files.client("client-a", port: try #require(listener.localAddress?.port))
        let error = await #expect(throws: MutualTLSSystemsError.self) { try await NATSClient.dial(configuration) }
        #expect(error?.code == code)
        #expect(try await heard.futureResult.get() == "")
        try await listener.close().get()
    }

    @Test(
        "what TLS needs is asked for by its key",
        arguments: [
            ("listen: 1", "tls block"), ("tls {}", "cert_file"), ("tls { cert_file: /a }", "key_file"),
        ]
    )
    func missing(text: String, words: String) async throws {
        let configuration = try NATSConfiguration(parsing: text)
        let error = await #expect(throws: MutualTLSSystemsError.self) {
            try await NATSServer.start("server-main", configuration, currentTime: systemClock)
        }
        #expect(error?.code == .missingKey)
        #expect(error?.message.contains(words) == true)
    }

    @Test("verify without ca_file is an error, and never the system's authorities")
    func missingAuthorities() async throws {
        let configuration = try files.server(authorities: nil)
        let error = await #expect(throws: MutualTLSSystemsError.self) {
            try await NATSServer.start("server-main", configuration, currentTime: systemClock)
        }
        #expect(error?.message.contains("ca_file") == true)
    }

    /// Says something, if there is anything to say, and collects what comes back until the end.
    private final class TextCollector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let promise: EventLoopPromise<String>
        private let greeting: String?
        private var text = ""

        init(_ promise: EventLoopPromise<String>, saying greeting: String? = nil) {
            self.promise = promise
            self.greeting = greeting
        }

        func channelActive(context: ChannelHandlerContext) {
            guard let greeting else { return }
            if greeting.isEmpty {
                context.close(promise: nil)
            } else {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting)), promise: nil)
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) { promise.succeed(text) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
