import ConformanceModel
import Testing

@testable import ConformanceEngine

/// The observations of both sides in simple cases, in every pairing and version.
@Suite("Pairings")
struct PairingTests {
    @Test("see a client that is good on both sides", arguments: Setting.all)
    func accepted(setting: Setting) throws {
        let seen = try #require(try played(SampleCase.make("accepted", setting)).first)
        for (side, presented, received) in [(Side.server, "server", "client"), (.client, "client", "server")] {
            let end = seen[side]
            #expect(end.accepted && end.reachedHandshake && end.verified && !end.resumed)
            #expect(end.noticed == nil && end.reason == nil && end.alertSent == nil && end.alertReceived == nil)
            #expect(end.presented?.name == presented && end.received?.name == received)
            #expect(end.receivedChainLength == 1 && end.verifiedChainLength == 2)
            #expect(end.sni == "server.test")
            #expect(end.version == setting.version)
            #expect(end.cipherSuite != nil)
        }
        #expect(seen.client.certificateRequested == true && seen.client.acceptableCAs == ["root"])
        #expect(seen.server.presented == seen.client.received && seen.client.presented == seen.server.received)
    }

    /// Credential, the server's reason, and the alert of each stack.
    private static let rejections: [(credential: String?, reason: ReasonClass, countersign: UInt8, gnutls: UInt8)] = [
        ("stranger", .unknownCA, 48, 42), ("expired", .expired, 45, 42), ("corrupt", .badSignature, 51, 51),
    ]

    @Test(
        "see a client that is refused on both sides, and the client when it can",
        arguments: Setting.all,
        rejections.indices
    )
    func rejected(setting: Setting, index: Int) throws {
        let (credential, reason, countersign, gnutls) = Self.rejections[index]
        let seen = try #require(try played(SampleCase.make("rejected", setting, credential: credential)).first)
        let alert = AlertDescription(rawValue: setting.pairing.server == .gnutls ? gnutls : countersign)
        #expect(!seen.server.accepted && !seen.client.accepted)
        #expect(seen.server.reachedHandshake && seen.client.reachedHandshake)
        #expect(seen.server.noticed == .handshake)
        // RFC 8446: the client's handshake is over before the server has judged its certificate.
        #expect(seen.client.noticed == (setting.version == .tls12 ? .handshake : .firstRead))
        #expect(seen.server.reason == reason.rawValue && seen.client.reason == ReasonClass.peerAlert.rawValue)
        #expect(seen.server.alertSent == alert && seen.client.alertReceived == alert)
        #expect(seen.server.alertReceived == nil && seen.client.alertSent == nil)
    }

    @Test("see a server that is refused on both sides", arguments: Setting.all)
    func rejectedServer(setting: Setting) throws {
        let testCase = SampleCase.make("rejected-server", setting) { $0.client.rootCAs = ["other-root"] }
        let seen = try #require(try played(testCase).first)
        let alert = AlertDescription(rawValue: setting.pairing.client == .gnutls ? 42 : 48)
        #expect(seen.client.noticed == .handshake && seen.server.noticed == .handshake)
        #expect(seen.client.reason == ReasonClass.unknownCA.rawValue)
        #expect(seen.client.alertSent == alert)
        #expect(seen.server.alertReceived == alert && seen.server.reason == ReasonClass.peerAlert.rawValue)
    }

    @Test("surface a refusal without any exchange", arguments: Setting.all)
    func rejectedWithoutExchange(setting: Setting) throws {
        let testCase = SampleCase.make("no-exchange", setting, credential: "stranger", steps: [.connect])
        let seen = try #require(try played(testCase).first)
        #expect(!seen.server.accepted && !seen.client.accepted)
        #expect(seen.client.alertReceived == seen.server.alertSent)
    }

    @Test("end in order when both close", arguments: Setting.all)
    func closed(setting: Setting) throws {
        let testCase = SampleCase.make("closed", setting, steps: [.connect, .exchange, .close])
        let seen = try #require(try played(testCase).first)
        #expect(seen.server.accepted && seen.client.accepted)
    }

    @Test("present a key that does not match or refuse it before any byte", arguments: Setting.all)
    func mismatchedKey(setting: Setting) throws {
        let seen = try #require(try played(SampleCase.make("mismatched", setting, credential: "wrong-key")).first)
        if setting.pairing.client == .countersign {
            #expect(seen.client.noticed == .configuration)
            #expect(seen.client.reason == ReasonClass.mismatchedKey.rawValue)
            #expect(!seen.client.reachedHandshake && !seen.server.reachedHandshake)
            #expect(seen.server.noticed == nil)
        } else {
            #expect(seen.server.reason == ReasonClass.badSignature.rawValue)
            #expect(seen.client.alertReceived == .decryptError)
        }
    }

    @Test("leave the certificate out when nobody asks for it", arguments: Setting.all)
    func notRequested(setting: Setting) throws {
        let seen = try #require(try played(SampleCase.make("not-asked", setting, clientAuth: .noClientCert)).first)
        #expect(seen.server.accepted && seen.client.accepted)
        #expect(seen.client.certificateRequested == false && seen.client.acceptableCAs == nil)
        #expect(seen.client.presented == nil && seen.server.received == nil)
        #expect(!seen.server.verified)
    }
}
