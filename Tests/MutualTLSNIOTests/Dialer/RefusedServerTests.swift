import GnuTLSPeer
import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import Testing

/// A server certificate that a client refuses, and the alert of the refusal.
struct RefusedServer: Sendable, CustomTestStringConvertible {
    let identity: String
    let roots: String
    let alert: Alert
    let version: TLSVersion

    var testDescription: String { "\(identity), verified against \(roots), TLS \(version.rawValue)" }

    static let all: [RefusedServer] = TLSVersion.allCases.flatMap { version in
        [
            ("server", "other-root", Alert.unknownCA), ("server-expired", "root", .certificateExpired),
            ("server-for-clients", "root", .badCertificate), ("named", "root", .badCertificate),
        ].map { RefusedServer(identity: $0.0, roots: $0.1, alert: $0.2, version: version) }
    }

    func client() throws -> MutualTLSClient { try TestPKI.client("valid", version, roots: roots) }
}

@Suite("Alerts of a client over TCP")
struct RefusedServerTests {
    static let rounds = Stress.scaled(10, full: 50)

    @Test("reach our own server every time", arguments: RefusedServer.all)
    func ownServer(row: RefusedServer) async throws {
        let client = try row.client()
        try await Loopback.with(TestPKI.server(.noClientCert, identity: row.identity)) { loopback in
            var failures = loopback.failures.makeAsyncIterator()
            for round in 1...Self.rounds {
                let failure = await #expect(throws: ConnectionFailure.self) { try await loopback.dial(client) }
                #expect(failure?.alertSent == row.alert, "round \(round): \(String(describing: failure))")
                let seen = await failures.next()
                #expect(seen?.alertReceived == row.alert, "round \(round): \(String(describing: seen))")
            }
        }
    }

    @Test("reach a GnuTLS server every time", arguments: RefusedServer.all)
    func gnuTLSServer(row: RefusedServer) async throws {
        let (reports, continuation) = AsyncStream.makeStream(of: GnuTLSReport.self)
        let listener = try await ServerBootstrap(group: Loopback.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let promise = channel.eventLoop.makePromise(of: GnuTLSReport.self)
                    promise.futureResult.whenSuccess { continuation.yield($0) }
                    let session = try TestPKI.gnuTLSServer(row.identity, row.version).makeSession()
                    try channel.pipeline.syncOperations.addHandler(GnuTLSHandler(session, promise))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        var options = MutualTLSDialerOptions()
        options.limits.handshakeTimeout = Loopback.patience
        options.limits.lingerTimeout = Loopback.patience
        let dialer = MutualTLSDialer(try row.client(), group: Loopback.group, options: options)
        var iterator = reports.makeAsyncIterator()
        for round in 1...Self.rounds {
            let failure = await #expect(throws: ConnectionFailure.self) {
                try await dialer.connect(host: "127.0.0.1", port: port)
            }
            #expect(failure?.alertSent == row.alert, "round \(round): \(String(describing: failure))")
            let report = try #require(await iterator.next())
            #expect(report.alertReceived == row.alert.rawValue, "round \(round): \(report)")
            #expect(!report.accepted)
        }
        try await listener.close().get()
    }
}
