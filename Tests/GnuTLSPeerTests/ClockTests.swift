internal import CGnuTLS
internal import Foundation
internal import Synchronization
internal import Testing

@testable internal import GnuTLSPeer

@Suite("The clock")
struct ClockTests {
    /// In the middle of what `TestPKI` calls expired.
    private static let then = Int64(TestRecipe.expired) - 86_400

    @Test("Each side verifies certificates by its own time", arguments: GnuTLSVersion.allCases)
    func certificates(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let before = Int64(TestRecipe.past) - 1
        let after = Int64(TestRecipe.expired) + 1
        for (time, reasons) in [(before, ["not-yet-valid"]), (Self.then, nil), (after, ["expired"])] {
            var server = try GnuTLSServerSettings.shared(version, .requireAndVerifyClientCert)
            server.currentTime = { time }
            var client = try GnuTLSClientSettings.shared(pki.expired)
            client.currentTime = { Self.then }
            #expect(try Wire(server, client).run().server.report.failure?.verificationReasons == reasons)

            server.clientAuth = .noClientCert
            server.identity = pki.expired
            server.currentTime = { Self.then }
            client.serverName = nil
            client.sni = nil
            client.currentTime = { time }
            // The certificate is one for clients, too.
            let purpose = ["purpose"]
            let report = try Wire(server, client).run().client.report
            #expect(Set(report.failure?.verificationReasons ?? []) == Set((reasons ?? []) + purpose))
        }
    }

    @Test(
        "A ticket lives for its lifetime and no longer, and not before it was made",
        arguments: GnuTLSVersion.allCases
    )
    func tickets(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        // One start lies before the days on which these tests run, one after.
        for start in [Int64(1_600_000_000), 2_400_000_000] {
            for (age, resumes) in [
                (Int64(0), true), (1, true), (21_600, true), (21_601, false), (25_200, false), (64_800, false),
                (-1, false),
            ] {
                let clock = TestClock(start)
                let pair = try Resuming(
                    version,
                    .requireAndVerifyClientCert,
                    identity: pki.valid,
                    currentTime: clock.read
                )
                _ = try pair.connect()
                clock.advance(by: age)
                let wire = try pair.connect()
                #expect(wire.server.report.accepted && wire.client.report.accepted)
                #expect(wire.server.report.resumed == resumes, "\(start) + \(age)")
                #expect(wire.client.report.resumed == resumes, "\(start) + \(age)")
                #expect(wire.server.report.peerVerified == !resumes)
            }
        }
    }

    @Test("Resuming does not make a session live longer", arguments: GnuTLSVersion.allCases)
    func chainOfTickets(_ version: GnuTLSVersion) throws {
        let clock = TestClock(1_600_000_000)
        let pair = try Resuming(version, currentTime: clock.read)
        _ = try pair.connect()
        var resumed: [Bool] = []
        for _ in 0..<5 {
            clock.advance(by: 5_000)
            resumed.append(try pair.connect().client.report.resumed)
        }
        #expect(resumed == [true, true, true, true, false])
    }

    @Test("A server's time decides about a ticket, in TLS 1.3 a client's too", arguments: GnuTLSVersion.allCases)
    func ownTicketTimes(_ version: GnuTLSVersion) throws {
        for (serverAhead, clientAhead) in [(true, false), (false, true)] {
            let (serverClock, clientClock) = (TestClock(1_600_000_000), TestClock(1_600_000_000))
            var server = try GnuTLSServerSettings.shared(version)
            server.sessions = .on()
            server.currentTime = serverClock.read
            var client = try GnuTLSClientSettings.shared()
            client.keepsSessions = true
            client.currentTime = clientClock.read
            let pair = try Resuming(server, client)
            _ = try pair.connect()
            if serverAhead { serverClock.advance(by: 25_200) }
            if clientAhead { clientClock.advance(by: 25_200) }
            let wire = try pair.connect()
            #expect(wire.client.report.accepted && wire.server.report.accepted)
            #expect(wire.client.report.resumed == (clientAhead && version == .tls12))
        }
    }

    @Test("The time is that of the thread, and what was set before comes back")
    func nesting() throws {
        let root = try TestCA(TestRecipe(subject: "CN=Root", notAfter: TestRecipe.expired, isCA: true))
        try ThreadClock.install()
        #expect(try Self.isExpired(root))
        try ThreadClock.withTime(Self.then) { () throws -> Void in
            #expect(try !Self.isExpired(root))
            try ThreadClock.withTime(Self.then + 172_800) { () throws -> Void in
                #expect(try Self.isExpired(root))
            }
            #expect(try !Self.isExpired(root))
            try ThreadClock.withTime(nil) { () throws -> Void in
                #expect(try Self.isExpired(root))
            }
            let der = root.der
            let elsewhere: @Sendable () throws -> Bool = { try Self.isExpired(der: der) }
            #expect(try Self.onThreads([elsewhere]) == [true])
            #expect(try !Self.isExpired(root))
        }
        #expect(try Self.isExpired(root))
    }

    @Test("Threads with different times at once are kept apart", arguments: GnuTLSVersion.allCases)
    func threads(_ version: GnuTLSVersion) throws {
        let times = [Self.then, Int64(TestRecipe.expired) + 1, Int64(TestRecipe.past) - 1]
        let expected: [[String]] = [[], ["expired"], ["not-yet-valid"]]
        let start = Rendezvous(times.count)
        let seen = try Self.onThreads(
            times.map { time in
                {
                    let pki = try TestPKI.shared.get()
                    start.meet()
                    return try Set(
                        (0..<40).map { _ in
                            var server = try GnuTLSServerSettings.shared(version, .requireAndVerifyClientCert)
                            server.currentTime = { time }
                            var client = try GnuTLSClientSettings.shared(pki.expired)
                            client.insecureSkipVerify = true
                            return try Wire(server, client).run().server.report.failure?.verificationReasons ?? []
                        }
                    )
                }
            }
        )
        #expect(seen == expected.map { [$0] })
    }

    private static func isExpired(_ certificate: TestCA) throws -> Bool {
        try isExpired(der: certificate.der)
    }

    /// The verdict of GnuTLS on a self-signed certificate that is trusted.
    private static func isExpired(der: [UInt8]) throws -> Bool {
        let certificate = try CertificateHandle(der: der)
        var list = certificate.pointer
        var status: UInt32 = 0
        let result = gnutls_x509_crt_list_verify(&list, 1, &list, 1, nil, 0, 0, &status)
        try GnuTLSError.check(result, "verifying")
        return status & GNUTLS_CERT_EXPIRED.rawValue != 0
    }

    /// Runs each body on a thread of its own and waits for all.
    private static func onThreads<Value: Sendable>(_ bodies: [@Sendable () throws -> Value]) throws -> [Value] {
        let box = ResultBox<Value>()
        let finished = Rendezvous(bodies.count + 1)
        for (index, body) in bodies.enumerated() {
            Thread.detachNewThread {
                let result = Result { try body() }
                box.results.withLock { $0[index] = result }
                finished.meet()
            }
        }
        finished.meet()
        let results = box.results.withLock { $0 }
        return try bodies.indices.map { try #require(results[$0]).get() }
    }
}

/// The findings of threads, by their number.
private final class ResultBox<Value: Sendable>: Sendable {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
}

/// Lets threads go on when all of them have come.
private final class Rendezvous: @unchecked Sendable {
    // Unchecked, because the count is touched under the condition's lock alone.
    private let condition = NSCondition()
    private var missing: Int

    init(_ count: Int) {
        missing = count
    }

    func meet() {
        condition.lock()
        defer { condition.unlock() }
        missing -= 1
        condition.broadcast()
        while missing > 0 { condition.wait() }
    }
}
