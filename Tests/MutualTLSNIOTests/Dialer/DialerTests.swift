import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import Testing

@Suite("A dialer")
struct DialerTests {
    @Test("tells a refusal in TLS 1.3 as one when it waits for confirmation, and only later when not")
    func confirmation() async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let client = try TestPKI.client("untrusted")
            let failure = await #expect(throws: ConnectionFailure.self) { try await loopback.dial(client) }
            #expect(failure?.alertReceived == .unknownCA)
            let promise = Loopback.group.any().makePromise(of: [UInt8].self)
            let connection = try await loopback.dial(client, confirmation: .none) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(.max, promise))
                }
            }
            #expect(!connection.isConfirmed)
            let later = await #expect(throws: ConnectionFailure.self) { try await promise.futureResult.get() }
            #expect(later?.alertReceived == .unknownCA)
        }
    }

    @Test("is confirmed by the server's first bytes", arguments: TLSVersion.allCases)
    func confirmed(version: TLSVersion) async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let connection = try await loopback.dial(TestPKI.client("valid", version))
            #expect(connection.isConfirmed)
            #expect(connection.information.localCertificate?.commonName == "valid")
            try await connection.channel.close().get()
        }
    }

    @Test("refuses a server that it doesn't trust, and tells the server so", arguments: TLSVersion.allCases)
    func untrustedServer(version: TLSVersion) async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let client = try TestPKI.client("valid", version, roots: "other-root")
            let failure = await #expect(throws: ConnectionFailure.self) { try await loopback.dial(client) }
            #expect(failure?.reason == .unknownAuthority)
            var failures = loopback.failures.makeAsyncIterator()
            #expect(await failures.next()?.alertReceived == failure?.alertSent)
        }
    }

    @Test("names host and port when nobody listens")
    func nobody() async throws {
        // Bound and not listening: the port is nobody else's, and connections are refused.
        let unused = try await DatagramBootstrap(group: Loopback.group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(unused.localAddress?.port)
        let dialer = MutualTLSDialer(try TestPKI.client(), group: Loopback.group)
        let error = await #expect(throws: MutualTLSError.self) {
            try await dialer.connect(host: "127.0.0.1", port: port)
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("127.0.0.1:\(port): Connection refused (errno ") == true)
        try await unused.close().get()
    }

    @Test("gives up a server that never answers")
    func silent() async throws {
        let listener = try await ServerBootstrap(group: Loopback.group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        var options = MutualTLSDialerOptions()
        options.limits.handshakeTimeout = .milliseconds(20)
        let dialer = MutualTLSDialer(try TestPKI.client(), group: Loopback.group, options: options)
        let failure = await #expect(throws: ConnectionFailure.self) {
            try await dialer.connect(host: "127.0.0.1", port: port)
        }
        #expect(failure?.reason == .timedOut)
        try await listener.close().get()
    }
}
