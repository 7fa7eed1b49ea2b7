import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import Testing

@Suite("An acceptor on a port")
struct AcceptorTests {
    static let modesAndVersions = ClientAuth.allCases.flatMap { mode in TLSVersion.allCases.map { (mode, $0) } }

    @Test("serves a client with a valid certificate in every mode", arguments: modesAndVersions)
    func valid(mode: ClientAuth, version: TLSVersion) async throws {
        let name = mode == .noClientCert ? "anonymous" : "valid"
        let greeting = "hello \(name)\n"
        try await Loopback.with(TestPKI.server(mode)) { loopback in
            let found = try await loopback.greeting(TestPKI.client("valid", version), count: greeting.utf8.count)
            #expect(found == greeting)
        }
    }

    @Test(
        "serves an anonymous client where none is required",
        arguments: [ClientAuth.noClientCert, .requestClientCert, .verifyClientCertIfGiven],
        TLSVersion.allCases
    )
    func anonymous(mode: ClientAuth, version: TLSVersion) async throws {
        try await Loopback.with(TestPKI.server(mode)) { loopback in
            let found = try await loopback.greeting(TestPKI.client(nil, version), count: 16)
            #expect(found == "hello anonymous\n")
        }
    }

    @Test("carries more than its buffers hold, there and back")
    func bulk() async throws {
        let data = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
        try await Loopback.with(TestPKI.server()) { loopback in
            let promise = Loopback.group.any().makePromise(of: [UInt8].self)
            let connection = try await loopback.dial(TestPKI.client()) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(12 + data.count, promise))
                }
            }
            try await connection.channel.writeAndFlush(ByteBuffer(bytes: data)).get()
            let bytes = try await promise.futureResult.get()
            #expect(bytes.starts(with: "hello valid\n".utf8))
            #expect(Array(bytes.dropFirst(12)) == data)
            try await connection.channel.close().get()
        }
    }

    @Test("says which port is taken")
    func taken() async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let port = loopback.acceptor.port
            let error = await #expect(throws: MutualTLSError.self) {
                try await MutualTLSAcceptor.bind(
                    TestPKI.server(),
                    host: "127.0.0.1",
                    port: port,
                    group: Loopback.group
                ) { $0.eventLoop.makeSucceededVoidFuture() }
            }
            #expect(error?.code == .network)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        }
    }
}
