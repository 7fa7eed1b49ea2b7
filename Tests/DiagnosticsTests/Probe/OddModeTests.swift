import ConformanceModel
import OpenSSL
import Testing

@testable import Diagnostics

/// A probe finds out the mode of servers that don't say what they think, as it does of others.
@Suite("A probe of a server that is odd")
struct OddModeTests {
    private static let oddities: [OddTLSServer.Oddity] = [
        .speaksAfterAByte, .isSlowAtFirst, .closesWithoutAlert, .closesAtARequest, .closesAtOnce,
    ]

    @Test("Silence, slowness and hanging up are told apart from a refusal", arguments: oddities)
    func optional(oddity: OddTLSServer.Oddity) async throws {
        let report = try await OddTLSServer(oddity, .optional).probed(name: "server.test", patience: .seconds(1))
        #expect(report.modes.tls12 == .requestClientCert, "\(report)")
        #expect(report.modes.tls13 == .requestClientCert, "\(report)")
    }

    @Test("A refusal is told whatever it looks like", arguments: oddities)
    func required(oddity: OddTLSServer.Oddity) async throws {
        let report = try await OddTLSServer(oddity, .required).probed(name: "server.test", patience: .seconds(1))
        #expect(report.modes.tls12 == .requireAndVerifyClientCert, "\(report)")
        #expect(report.modes.tls13 == .requireAndVerifyClientCert, "\(report)")
        let isSilent = report.findings.contains {
            ["proto-node-silent-reject", "proto-alert-lost-to-reset"].contains($0.id)
        }
        #expect(isSilent == (oddity == .closesWithoutAlert), "\(report)")
    }

    @Test("A session of a name without client authentication that opens one with it is found")
    func sharedSessions() async throws {
        let report = try await OddTLSServer(.sharesSessions, .required)
            .probed(name: OddTLSServer.strictName, patience: .seconds(1))
        #expect(report.modes.tls13 == .requireAndVerifyClientCert, "\(report)")
        #expect(report.resumption?.bypassesClientAuth == true, "\(report)")
        #expect(report.findings.contains { $0.id == "res-cross-vhost" && $0.severity == .error })
    }

    @Test("A server that keeps the sessions of its names apart has no such finding")
    func separateSessions() async throws {
        let report = try await OddTLSServer(.separatesSessions, .required)
            .probed(name: OddTLSServer.strictName, patience: .seconds(1))
        #expect(report.resumption?.bypassesClientAuth == false, "\(report)")
        #expect(!report.findings.contains { $0.id == "res-cross-vhost" })
    }

    @Test("Whether a session is good under its own name, and under another one, is told")
    func names() async throws {
        let shared = try await OddTLSServer(.sharesSessions, .required).probed(name: "open.test", patience: .seconds(1))
        #expect(shared.resumption?.sameName == true, "\(shared)")
        #expect(shared.resumption?.otherName == true, "\(shared)")
        let separate = try await OddTLSServer(.separatesSessions, .required)
            .probed(name: "open.test", patience: .seconds(1))
        #expect(separate.resumption?.sameName == true, "\(separate)")
        #expect(separate.resumption?.otherName == false, "\(separate)")
    }
}
