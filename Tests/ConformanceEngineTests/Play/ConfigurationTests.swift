import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Configuration errors")
struct ConfigurationTests {
    private static let setting = Setting(pairing: Pairing(server: .countersign, client: .countersign), version: .tls13)
    private typealias Change = @Sendable (inout ConformanceCase) -> Void
    private static let refusals: [(side: Side, reason: ReasonClass, change: Change)] = [
        (.server, .noClientCAs, { $0.server.clientCAs = nil }),
        (.server, .noIdentity, { $0.server.identity = nil }),
        (.client, .noRootCAs, { $0.client.rootCAs = nil }),
        (.client, .noServerName, { $0.client.serverName = nil }),
        (.client, .noServerName, { $0.client.serverName = "" }),
        (.client, .invalidServerName, { $0.client.serverName = "bücher.test" }),
    ]

    @Test("are told by the side that refuses its settings, and no byte moves", arguments: refusals.indices)
    func refused(index: Int) throws {
        let (side, reason, change) = Self.refusals[index]
        let testCase = SampleCase.make(
            "configuration",
            Self.setting,
            steps: [.connect, .exchange, .connect],
            change: change
        )
        let connections = try played(testCase)
        #expect(connections.count == 2)
        for seen in connections {
            #expect(seen[side].noticed == .configuration && seen[side].reason == reason.rawValue)
            #expect(seen[side].detail?.isEmpty == false)
            #expect(seen[side.opposite].noticed == nil && seen[side.opposite].reason == nil)
            #expect(Side.allCases.allSatisfy { !seen[$0].accepted && !seen[$0].reachedHandshake })
        }
    }

    @Test("are not GnuTLS's way: it trusts nobody, or checks no name")
    func gnutls() throws {
        let setting = Setting(pairing: .gnutls, version: .tls13)
        let untrusting = SampleCase.make("no-pool", setting) { $0.server.clientCAs = nil }
        #expect(try played(untrusting).first?.server.reason == ReasonClass.unknownCA.rawValue)
        let nameless = SampleCase.make("no-name", setting) { $0.client.serverName = nil }
        #expect(try played(nameless).first?.client.accepted == true)
    }

    @Test("are apart from a stack that this build does not have")
    func unsupported() throws {
        let pairing = Pairing(server: Stack(rawValue: "rustls"), client: .gnutls)
        let outcome = try play(SampleCase.make("absent", Setting(pairing: pairing, version: .tls13)))
        let reason = "this build has no stack named rustls; it has countersign, gnutls"
        #expect(outcome == .unsupported(reason: reason))
    }

    @Test("are apart from a case that names what it does not have")
    func harness() throws {
        let setting = Self.setting
        let testCase = SampleCase.make("unknown", setting, credential: "nobody")
        let reason = "no credential and no certificate of the case is named nobody"
        #expect(try play(testCase) == .errored(reason: reason))
        let stepless = SampleCase.make("no-connect", setting, steps: [.exchange])
        let order = "the case has a step on a connection before its first connect"
        #expect(try play(stepless) == .errored(reason: order))
    }
}
