import Glibc
import MutualTLS
import NIOCore
import NIOPosix
import Testing

@testable import MutualTLSNIO

@Suite("An acceptor with silent connections", .serialized)
struct SilentConnectionTests {
    /// 1,500 sockets of one address that say nothing, the way an attacker would hold them.
    static func silent(_ count: Int, from address: String, to port: Int) async throws -> [any Channel] {
        try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
            for _ in 0..<count {
                tasks.addTask {
                    try await ClientBootstrap(group: Loopback.group).bind(
                        to: SocketAddress(ipAddress: address, port: 0)
                    )
                    .connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).get()
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }

    /// With limits that nobody reaches by waiting, an honest client is served only because silent ones give way.
    @Test(
        "serves an honest client beside 1,500 silent ones, of another address or of the same",
        .timeLimit(.minutes(3)),
        arguments: ["127.0.0.2", "127.0.0.1"]
    )
    func silentCrowd(address: String) async throws {
        try #require(Self.raiseDescriptorLimit(to: 8_192), "3,000 sockets need more descriptors")
        var options = MutualTLSAcceptorOptions()
        options.limits.handshakeTimeout = .hours(1)
        try await Loopback.with(TestPKI.server(), options: options) { loopback in
            let silent = try await Self.silent(1_500, from: address, to: loopback.acceptor.port)
            let start = NIODeadline.now()
            for _ in 0..<3 {
                #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
            }
            let taken = NIODeadline.now() - start
            print("three honest clients beside 1,500 silent ones of \(address): \(taken.nanoseconds / 1_000_000) ms")
            for channel in silent { channel.close(promise: nil) }
            for channel in silent { try await channel.closeFuture.get() }
        }
    }

    private static func raiseDescriptorLimit(to wanted: rlim_t) -> Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
        guard limit.rlim_cur < wanted else { return true }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_cur >= wanted
    }
}

@Suite("Which handshake makes room")
struct HandshakeTableTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let grace = TimeAmount.milliseconds(100)
    private let one = PeerAddress([10, 0, 0, 1])
    private let other = PeerAddress([10, 0, 0, 2])

    @Test("The oldest silent one does, after its grace")
    func silent() {
        var table = HandshakeTable<Int>()
        table.add(1, from: one, at: start)
        table.add(2, from: other, at: start + .milliseconds(10))
        table.add(3, from: other, at: start + .milliseconds(20))
        table.noticeFirstByte(of: 1)
        #expect(
            table.takeEvictable(at: start + .milliseconds(50), grace: grace) == .none(next: start + .milliseconds(110))
        )
        #expect(table.takeEvictable(at: start + .milliseconds(110), grace: grace) == .taken(2))
        #expect(table.takeEvictable(at: start + .milliseconds(120), grace: grace) == .taken(3))
        #expect(table.takeEvictable(at: start + .milliseconds(120), grace: grace) == .none(next: start + .seconds(1)))
        #expect(table.count == 1)
    }

    @Test("One of a crowd does that sends single bytes, and none of an address that holds half or less")
    func crowd() {
        var table = HandshakeTable<Int>()
        for id in 0..<6 {
            table.add(id, from: id < 3 ? one : other, at: start + .milliseconds(Int64(id)))
            table.noticeFirstByte(of: id)
        }
        #expect(table.takeEvictable(at: start + .hours(1), grace: grace) == .none(next: nil))
        table.add(6, from: one, at: start + .milliseconds(6))
        table.noticeFirstByte(of: 6)
        #expect(table.takeEvictable(at: start + .milliseconds(999), grace: grace) == .none(next: start + .seconds(1)))
        #expect(table.takeEvictable(at: start + .seconds(1), grace: grace) == .taken(0))
        #expect(table.takeEvictable(at: start + .seconds(1), grace: grace) == .none(next: nil))
    }
}
