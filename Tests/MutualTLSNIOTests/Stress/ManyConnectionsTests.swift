import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("Many connections with a certificate on both sides", .serialized)
struct ManyConnectionsTests {
    @Test("one after the other leave no memory and no descriptor behind", arguments: TLSVersion.allCases)
    func sequential(version: TLSVersion) async throws {
        let client = try TestPKI.client("valid", version)
        let count = Stress.scaled(200, full: 10_000)
        try await Loopback.with(TestPKI.server()) { loopback in
            func connect(_ count: Int) async throws {
                for _ in 0..<count {
                    let greeting = try await loopback.greeting(client, count: 12)
                    if greeting != "hello valid\n" { Issue.record("expected a greeting, found \(greeting)") }
                }
                try await loopback.becomesIdle()
            }
            try await connect(50)
            let before = try ProcessResources.now()
            try await connect(count)
            let after = try ProcessResources.now()
            #expect(after.descriptors <= before.descriptors, "\(before) before, \(after) after")
            // One leaked connection is more than 40 KiB; what an allocator keeps for itself is less than 4 MiB.
            #expect(after.pages - before.pages < 1_024, "\(before) before, \(after) after \(count) connections")
            if Stress.isFull { print("TLS \(version.rawValue): \(before) before, \(after) after \(count) connections") }
        }
    }

    @Test("at the same time leave no memory and no descriptor behind", arguments: TLSVersion.allCases)
    func concurrent(version: TLSVersion) async throws {
        let client = try TestPKI.client("valid", version)
        let count = Stress.scaled(30, full: 500)
        try ProcessResources.allowDescriptors(2 * count + 1_000)
        try await Loopback.with(TestPKI.server()) { loopback in
            func wave() async throws -> ProcessResources {
                let connections = try await withThrowingTaskGroup(of: DialedConnection.self) { group in
                    for _ in 0..<count { group.addTask { try await loopback.dial(client) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(!connections.contains { !$0.isConfirmed })
                #expect(loopback.acceptor.connectionCount == count)
                let open = try ProcessResources.now()
                for connection in connections { try await connection.channel.close().get() }
                try await loopback.becomesIdle()
                return open
            }
            _ = try await wave()
            let before = try ProcessResources.now()
            let open = try await wave()
            _ = try await wave()
            let after = try ProcessResources.now()
            #expect(open.descriptors == before.descriptors + 2 * count)
            #expect(after.descriptors <= before.descriptors, "\(before) before, \(after) after")
            #expect(after.pages - before.pages < 1_024, "\(before) before, \(after) after 2 waves of \(count)")
            if Stress.isFull {
                print("TLS \(version.rawValue): \(before) before, \(open) with \(count) open, \(after) after")
            }
        }
    }
}

extension Loopback {
    /// Returns when the acceptor has no connection any more: the client's end of one closes first.
    fileprivate func becomesIdle() async throws {
        let loop = acceptor.channel.eventLoop
        while acceptor.connectionCount > 0 { try await loop.submit {}.get() }
    }
}
