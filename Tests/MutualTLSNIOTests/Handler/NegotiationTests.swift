import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import NIOTLS
import Testing

@Suite("NIO's own words for TLS")
struct NegotiationTests {
    private typealias Bytes = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static func server(_ protocols: [String]) throws -> MutualTLSServer {
        var settings = MutualTLSConfiguration.Server(
            identity: try TestPKI.identity("server"),
            currentTime: TestPKI.clock
        )
        settings.clientAuth = .requireAndVerifyClientCert
        settings.clientCAs = try TestPKI.pool("root")
        settings.applicationProtocols = protocols
        return try settings.resolve()
    }

    private static func client(_ protocols: [String], credential: String = "valid") throws -> MutualTLSClient {
        var settings = MutualTLSConfiguration.Client(
            identity: try TestPKI.identity(credential),
            currentTime: TestPKI.clock
        )
        settings.rootCAs = try TestPKI.pool("root")
        settings.serverName = try ServerName("server.test")
        settings.applicationProtocols = protocols
        return try settings.resolve()
    }

    @Test(
        "ApplicationProtocolNegotiationHandler learns the protocol of ALPN, on both sides",
        arguments: [(["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], "none")]
    )
    func negotiation(offered: [String], agreed: String) async throws {
        let (names, continuation) = AsyncStream.makeStream(of: String.self)
        let initializer: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let handler = ApplicationProtocolNegotiationHandler { result, channel in
                    switch result {
                    case .negotiated(let name): continuation.yield(name)
                    case .fallback: continuation.yield("none")
                    }
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }
        let acceptor = try await MutualTLSAcceptor.bind(
            Self.server(["h2", "http/1.1"]),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: Loopback.patientOptions,
            initializer: initializer
        )
        let connection = try await MutualTLSDialer(Self.client(offered), group: Loopback.group)
            .connect(host: "127.0.0.1", port: acceptor.port, initializer: initializer)
        var iterator = names.makeAsyncIterator()
        #expect(await iterator.next() == agreed)
        #expect(await iterator.next() == agreed)
        try await connection.channel.close().get()
        await acceptor.shutdown(deadline: .zero)
    }

    @Test("a handler that the negotiation adds finds the verified identity")
    func lateHandler() async throws {
        let (names, continuation) = AsyncStream.makeStream(of: String?.self)
        let acceptor = try await MutualTLSAcceptor.bind(
            Self.server(["h2"]),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: Loopback.patientOptions
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                let handler = ApplicationProtocolNegotiationHandler { _, channel in
                    channel.mutualTLSInformation().map { _ = continuation.yield($0.peerIdentity?.displayName) }
                }
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }
        let connection = try await MutualTLSDialer(Self.client(["h2"]), group: Loopback.group)
            .connect(host: "127.0.0.1", port: acceptor.port)
        var iterator = names.makeAsyncIterator()
        #expect(await iterator.next() == "valid")
        try await connection.channel.close().get()
        await acceptor.shutdown(deadline: .zero)
    }

    @Test("asynchronous channels carry data both ways, and end with close_notify", arguments: [1, 5])
    func asynchronousChannels(connections count: Int) async throws {
        let listener = try await MutualTLSAcceptor.listen(
            Self.server([]),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: Loopback.patientOptions
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try Bytes(wrappingChannelSynchronously: channel) }
        }
        let client = try Self.client([])
        try await withThrowingTaskGroup(of: String.self) { group in
            let serving = Task {
                try await withThrowingDiscardingTaskGroup { group in
                    try await listener.connections.executeThenClose { connections in
                        for try await connection in connections {
                            group.addTask {
                                try await connection.executeThenClose { inbound, outbound in
                                    for try await bytes in inbound { try await outbound.write(bytes) }
                                }
                            }
                        }
                    }
                }
            }
            for number in 0..<count {
                group.addTask {
                    let (connection, channel) = try await MutualTLSDialer(client, group: Loopback.group)
                        .connect(host: "127.0.0.1", port: listener.port) { channel in
                            channel.eventLoop.makeCompletedFuture { try Bytes(wrappingChannelSynchronously: channel) }
                        }
                    #expect(connection.information.localCertificate?.commonName == "valid")
                    return try await channel.executeThenClose { inbound, outbound in
                        let text = String(repeating: "\(number)", count: 100_000)
                        try await outbound.write(ByteBuffer(string: text))
                        var heard = ""
                        for try await bytes in inbound {
                            heard += String(buffer: bytes)
                            if heard.utf8.count == text.utf8.count { break }
                        }
                        return heard
                    }
                }
            }
            var heard: Set<String> = []
            for try await text in group { heard.insert(text) }
            #expect(heard == Set((0..<count).map { String(repeating: "\($0)", count: 100_000) }))
            await listener.acceptor.shutdown(deadline: .seconds(10))
            try await serving.value
        }
    }

    @Test("a refused client's channel throws the failure where it is read, and the listener goes on")
    func refusedConnection() async throws {
        let listener = try await MutualTLSAcceptor.listen(
            Self.server([]),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: Loopback.patientOptions
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try Bytes(wrappingChannelSynchronously: channel) }
        }
        let clients = try [Self.client([], credential: "untrusted"), Self.client([])]
        try await listener.connections.executeThenClose { connections in
            var iterator = connections.makeAsyncIterator()
            for client in clients {
                async let dialed = MutualTLSDialer(client, group: Loopback.group)
                    .connect(host: "127.0.0.1", port: listener.port)
                let accepted = try #require(try await iterator.next())
                let connection = try await dialed
                if client === clients[0] {
                    let failure = await #expect(throws: ConnectionFailure.self) {
                        try await accepted.executeThenClose { inbound, _ in for try await _ in inbound {} }
                    }
                    #expect(failure?.reason == .unknownAuthority)
                } else {
                    connection.channel.close(promise: nil)
                    try await accepted.executeThenClose { inbound, _ in for try await _ in inbound {} }
                }
            }
        }
    }
}
