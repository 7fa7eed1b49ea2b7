import MutualTLS
import Testing

@testable import bogo_shim

@Suite("The shim with a runner")
struct ShimSessionTests {
    @Test("echoes what comes, inverted", arguments: [false, true], ["771", "772"])
    func echo(isServer: Bool, version: String) throws {
        let play = Play(isServer, ["-expect-version", version, "-max-version", version])
        try play.run()
        #expect(play.runners.map(\.received) == [Array("ping".utf8).map { ~$0 }])
        #expect(play.runners.allSatisfy { $0.isShimDone && $0.peer.isPeerClosed && $0.peer.failure == nil })
    }

    @Test("takes the runner's bytes in pieces", arguments: [false, true], [1, 7])
    func pieces(isServer: Bool, size: Int) throws {
        let play = Play(isServer, ["-piece-size", "\(size)", "-shim-writes-first"])
        try play.run()
        #expect(play.runners.map(\.received) == [Array("hello".utf8) + Array("ping".utf8).map { ~$0 }])
    }

    @Test("writes records of every size", arguments: [false, true])
    func recordSizes(isServer: Bool) throws {
        let play = Play(isServer, ["-write-different-record-sizes"], ending: .waiting)
        try play.run()
        #expect(play.runners.map(\.received.count) == [148_225])
        #expect(play.runners.allSatisfy { $0.received.allSatisfy { $0 == 0x42 } })
    }

    @Test("shuts down first and waits for the answer", arguments: [false, true])
    func shutdown(isServer: Bool) throws {
        let flags = ["-shim-shuts-down", "-check-close-notify"]
        try Play(isServer, flags, ending: .waiting).run()
        #expect(throws: ShimFailure("the runner ended without close_notify")) {
            try Play(isServer, flags, message: [], ending: .cut).run()
        }
    }

    @Test("minds a stream that is cut when told to check", arguments: [false, true])
    func cut(isServer: Bool) throws {
        try Play(isServer, [], ending: .cut).run()
        let error = try #require(throws: ShimFailure.self) {
            try Play(isServer, ["-check-close-notify"], ending: .cut).run()
        }
        #expect(error.message.hasPrefix("truncated: "))
    }

    @Test("resumes on the connections after the first", arguments: [false, true], ["771", "772"])
    func resumption(isServer: Bool, version: String) throws {
        let play = Play(isServer, ["-resume-count", "2", "-max-version", version])
        try play.run()
        #expect(play.runners.map(\.peer.information.didResume) == [false, true, true])
    }

    @Test("says when a session was resumed or not, against the flags", arguments: [false, true])
    func resumptionExpectations(isServer: Bool) throws {
        let play = Play(isServer, ["-resume-count", "1", "-expect-session-miss"])
        #expect(throws: ShimFailure("the session was resumed")) { try play.run() }
        let without = Play(isServer, ["-resume-count", "1", "-on-resume-host-name", "other.test"])
        if isServer {
            without.peerOffersSessions = false
        }
        #expect(throws: ShimFailure("the session was not resumed")) { try without.run() }
        #expect(without.runners.count == 2)
    }

    @Test("lets no session resume what another trust has granted", arguments: ["771", "772"])
    func trustOnResumption(version: String) throws {
        let play = Play(
            true,
            ["-require-any-client-certificate", "-verify-peer", "-on-resume-verify-fail", "-resume-count", "1"]
                + ["-max-version", version]
        )
        let error = try #require(throws: ShimFailure.self) { try play.run() }
        #expect(error.message.hasPrefix("unknownAuthority: "))
        #expect(play.runners.map(\.peer.information.alertReceived) == [nil, .unknownCA])
    }

    @Test(
        "refuses a client without the certificate that the mode requires",
        arguments: [("771", Alert.handshakeFailure), ("772", .certificateRequired)]
    )
    func noCertificate(version: String, alert: Alert) throws {
        let play = Play(true, ["-require-any-client-certificate", "-max-version", version])
        play.peerIdentity = nil
        let error = try #require(throws: ShimFailure.self) { try play.run() }
        #expect(error.message.hasPrefix("noCertificate: "))
        #expect(play.runners.map(\.peer.information.alertReceived) == [alert])
    }

    @Test("accepts a verified peer, and what it presented", arguments: [false, true])
    func verified(isServer: Bool) throws {
        let pki = ShimPKI.shared
        let flags = ["-verify-peer", "-expect-verify-result", "-host-name", "server.test", "-trust-cert"]
        let chain = ["-expect-peer-cert-file", pki.chain(isServer ? "client" : "server")]
        try Play(isServer, flags + [pki.certificate("root")] + chain).run()

        let error = try #require(throws: ShimFailure.self) {
            try Play(isServer, flags + [pki.certificate("other-root")]).run()
        }
        #expect(error.message.hasPrefix("unknownAuthority: "))
        let other = try #require(throws: ShimFailure.self) {
            try Play(isServer, ["-verify-peer", "-expect-peer-cert-file", pki.chain("root")]).run()
        }
        #expect(other.message.hasPrefix("the peer presented "))
    }

    @Test("announces names and reports them", arguments: ["771", "772"])
    func names(version: String) throws {
        let names = try ["other-root", "root"].flatMap { try ShimPKI.shared.pool($0).subjects }
        let text = names.map { $0.derBytes.map(hexadecimal).joined() }.joined(separator: ",")
        let server = Play(true, ["-verify-peer", "-use-client-ca-list", text, "-max-version", version])
        try server.run()
        #expect(server.runners.map(\.peer.information.acceptableCANames) == [names])

        let client = Play(false, ["-expect-client-ca-list", text, "-max-version", version])
        client.announced = .names(names)
        try client.run()
        client.announced = .names(names.reversed())
        #expect(throws: ShimFailure("the names of the CertificateRequest differ")) { try client.run() }
    }

    @Test("compares name and version with what is expected")
    func parameters() throws {
        let server = Play(true, ["-expect-server-name", "server.test"])
        try server.run()
        #expect(throws: ShimFailure("expected the server name other.test, got server.test")) {
            try Play(true, ["-expect-server-name", "other.test"]).run()
        }
        #expect(throws: ShimFailure("expected TLS 1.2")) { try Play(true, ["-expect-version", "771"]).run() }
    }

    private func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
