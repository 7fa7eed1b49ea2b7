import GnuTLSPeer
import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOPosix
import PeerPrograms
import Testing

/// A client credential that a mode refuses, and the alert of the refusal.
struct RefusedRow: Sendable, CustomTestStringConvertible {
    let mode: ClientAuth
    let credential: String?
    let version: TLSVersion
    let alert: Alert

    var testDescription: String { "\(mode.rawValue), \(credential ?? "none"), TLS \(version.rawValue)" }

    static let all: [RefusedRow] = TLSVersion.allCases.flatMap { version in
        let missing = version == .tls12 ? Alert.handshakeFailure : .certificateRequired
        let defects: [(String, Alert)] = [
            ("untrusted", .unknownCA), ("expired", .certificateExpired), ("wrong-purpose", .badCertificate),
        ]
        let verifying = [ClientAuth.verifyClientCertIfGiven, .requireAndVerifyClientCert].flatMap { mode in
            defects.map { RefusedRow(mode: mode, credential: $0.0, version: version, alert: $0.1) }
        }
        let requiring = [ClientAuth.requireAnyClientCert, .requireAndVerifyClientCert].map { mode in
            RefusedRow(mode: mode, credential: nil, version: version, alert: missing)
        }
        return verifying + requiring
    }
}

@Suite("Alerts over TCP")
struct AlertDeliveryTests {
    static let rounds = 50

    @Test("reach our own client every time", arguments: RefusedRow.all)
    func ownClient(row: RefusedRow) async throws {
        let client = try TestPKI.client(row.credential, row.version)
        try await Loopback.with(TestPKI.server(row.mode)) { loopback in
            for round in 1...Self.rounds {
                let failure = await #expect(throws: ConnectionFailure.self) { try await loopback.dial(client) }
                #expect(failure?.alertReceived == row.alert, "round \(round): \(String(describing: failure))")
                #expect(failure?.reason == .peerAlert)
            }
        }
    }

    @Test("reach a GnuTLS client every time", arguments: RefusedRow.all)
    func gnuTLSClient(row: RefusedRow) async throws {
        try await Loopback.with(TestPKI.server(row.mode)) { loopback in
            for round in 1...Self.rounds {
                let report = try await report(row, port: loopback.acceptor.port)
                #expect(report.alertReceived == row.alert.rawValue, "round \(round): \(report)")
                #expect(!report.accepted)
            }
        }
    }

    @Test(
        "reach openssl s_client every time",
        .enabled(if: PeerProgram.isInstalled("openssl"), "openssl is not installed: apt-get install openssl"),
        arguments: RefusedRow.all
    )
    func openSSLClient(row: RefusedRow) async throws {
        let openssl = try #require(PeerProgram("openssl"))
        let folder = try TestFiles()
        let credential = row.credential.map { ["-cert", "\($0).crt", "-key", "\($0).key"] } ?? []
        let version = row.version == .tls12 ? "-tls1_2" : "-tls1_3"
        try await Loopback.with(TestPKI.server(row.mode)) { loopback in
            let target = [
                "s_client", "-connect", "127.0.0.1:\(loopback.acceptor.port)", "-CAfile", "root.crt", version,
            ]
            for round in 1...Stress.scaled(1, full: Self.rounds) {
                // Its input stays open: at the end of its input it would leave before the alert.
                let client = try openssl.start(target + credential, in: folder.path, input: "")
                #expect(await client.end() == 1, "round \(round)")
                #expect(
                    client.errors.contains("SSL alert number \(row.alert.rawValue)"),
                    "round \(round): \(client.errors)"
                )
            }
        }
    }

    private func report(_ row: RefusedRow, port: Int) async throws -> GnuTLSReport {
        let promise = Loopback.group.any().makePromise(of: GnuTLSReport.self)
        do {
            _ = try await ClientBootstrap(group: Loopback.group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let session = try TestPKI.gnuTLSClient(row.credential, row.version).makeSession()
                        try channel.pipeline.syncOperations.addHandler(GnuTLSHandler(session, promise))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            promise.fail(error)
        }
        return try await promise.futureResult.get()
    }
}
