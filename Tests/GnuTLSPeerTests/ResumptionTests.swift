internal import GnuTLSPeer
internal import Testing

@Suite("Resumption")
struct ResumptionTests {
    @Test("A session is resumed, and the tickets that come next resume again", arguments: GnuTLSVersion.allCases)
    func resumes(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let pair = try Resuming(version, .requireAndVerifyClientCert, identity: pki.valid)
        let full = try pair.connect()
        #expect(!full.server.report.resumed && !full.client.report.resumed)
        #expect(full.server.report.peerVerified && full.client.report.peerVerified)
        for _ in 0..<3 {
            let wire = try pair.connect()
            for report in [wire.server.report, wire.client.report] {
                #expect(report.accepted && report.resumed)
                #expect(report.failure == nil)
                #expect(report.localCertificate == nil)
                #expect(!report.peerVerified && report.verifiedChainLength == 0)
                #expect(report.sni == "server.test")
                #expect(report.version == (version == .tls12 ? "1.2" : "1.3"))
            }
            #expect(!wire.client.report.certificateRequested)
            #expect(wire.client.report.peerChain == pki.server.chain)
            #expect(wire.server.report.peerChain == pki.valid.chain)
            wire.client.send([1, 2])
            wire.server.send([3])
            wire.run()
            #expect(wire.server.takeApplicationData() == [1, 2])
            #expect(wire.client.takeApplicationData() == [3])
        }
    }

    @Test("A resumed connection reports the whole chain of the first one", arguments: GnuTLSVersion.allCases)
    func chain(_ version: GnuTLSVersion) throws {
        let root = try TestCA.root("Root")
        let middle = try root.issue(TestRecipe(subject: "CN=Middle", isCA: true))
        let credential = try middle.issue(TestRecipe(subject: "CN=server", dns: ["server.test"])).credential([middle])
        let client = try middle.issue(TestRecipe(subject: "CN=client")).credential([middle])
        var server = GnuTLSServerSettings(identity: credential, clientAuth: .requireAndVerifyClientCert)
        server.clientCAs = [root.der]
        server.minimumVersion = version
        server.maximumVersion = version
        server.sessions = .on()
        let settings = GnuTLSClientSettings(
            identity: client,
            rootCAs: [root.der],
            serverName: "server.test",
            keepsSessions: true
        )
        let pair = try Resuming(server, settings)
        #expect(try pair.connect().server.report.verifiedChainLength == 3)
        let wire = try pair.connect()
        #expect(wire.client.report.resumed)
        #expect(wire.client.report.peerChain == credential.chain)
        #expect(wire.server.report.peerChain == client.chain)
    }

    @Test("Nothing is resumed unless both sides have sessions on and one is offered", arguments: GnuTLSVersion.allCases)
    func off(_ version: GnuTLSVersion) throws {
        for (tickets, keeps) in [(false, true), (true, false), (false, false)] {
            var server = try GnuTLSServerSettings.shared(version)
            server.sessions = tickets ? .on() : .off
            var client = try GnuTLSClientSettings.shared()
            client.keepsSessions = keeps
            let pair = try Resuming(server, client)
            for _ in 0..<2 {
                let wire = try pair.connect()
                #expect(wire.client.report.accepted && wire.server.report.accepted)
                #expect(!wire.client.report.resumed && !wire.server.report.resumed)
                #expect(!pair.client.hasSession)
            }
        }
        let pair = try Resuming(version)
        _ = try pair.connect()
        #expect(pair.client.hasSession)
        let fresh = try pair.connect(offering: false)
        #expect(fresh.client.report.accepted && !fresh.client.report.resumed)
        #expect(try pair.connect().client.report.resumed)
        pair.client.forgetSession()
        #expect(!pair.client.hasSession)
        #expect(try !pair.connect().client.report.resumed)
    }

    @Test("A resumed handshake arrives in pieces of any size", arguments: GnuTLSVersion.allCases, [1, 7])
    func pieces(_ version: GnuTLSVersion, _ size: Int) throws {
        let pair = try Resuming(version)
        _ = try pair.connect()
        let wire = Wire(try pair.server.makeSession(), try pair.client.makeSession()).run(pieces: size)
        #expect(wire.client.report.resumed && wire.server.report.resumed)
        #expect(wire.client.report.accepted && wire.server.report.accepted)
    }

    @Test("Data behind tickets is read at once")
    func dataBehindTickets() throws {
        // A server that does not ask for a certificate sends its tickets with its first flight.
        let pair = try Resuming(.tls13, .requestClientCert)
        let wire = Wire(try pair.server.makeSession(), try pair.client.makeSession())
        wire.client.start()
        wire.moveFlight(from: wire.client, to: wire.server)
        wire.moveFlight(from: wire.server, to: wire.client)
        wire.moveFlight(from: wire.client, to: wire.server)
        #expect(!pair.client.hasSession)
        wire.server.send([7])
        wire.server.close()
        wire.moveFlight(from: wire.server, to: wire.client)
        #expect(wire.client.takeApplicationData() == [7])
        #expect(wire.client.state == .closed)
        #expect(pair.client.hasSession)
    }

    @Test("Servers with one ticket key take each other's tickets", arguments: GnuTLSVersion.allCases)
    func sharedKey(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let key = try GnuTLSLibrary.makeTicketKey()
        let time: @Sendable () -> Int64 = { 1_700_000_000 }
        func pair(_ key: [UInt8]?, lifetimeSeconds: Int = 21_600) throws -> Resuming {
            try Resuming(
                version,
                .requireAndVerifyClientCert,
                identity: pki.valid,
                lifetimeSeconds: lifetimeSeconds,
                ticketKey: key,
                currentTime: time
            )
        }
        let first = try pair(key)
        _ = try first.connect()
        func visit(_ second: Resuming) throws -> Wire {
            Wire(try second.server.makeSession(), try first.client.makeSession()).run()
        }
        let shared = try visit(pair(key))
        #expect(shared.server.report.resumed && shared.client.report.resumed)
        #expect(shared.server.report.peerChain == pki.valid.chain)
        for other in try [pair(nil), pair(GnuTLSLibrary.makeTicketKey()), pair(key, lifetimeSeconds: 3_600)] {
            let wire = try visit(other)
            #expect(wire.server.report.accepted && wire.client.report.accepted)
            #expect(!wire.server.report.resumed && !wire.client.report.resumed)
            #expect(wire.server.report.peerVerified && wire.client.report.peerVerified)
            // The session that is kept is now one with `other`.
            _ = try first.connect(offering: false)
        }
    }

    @Test("In the first 3 lifetimes after 1970 GnuTLS takes tickets of any key", arguments: GnuTLSVersion.allCases)
    func zeroKey(_ version: GnuTLSVersion) throws {
        for (time, resumes) in [(Int64(3 * 21_600 - 1), true), (3 * 21_600, false)] {
            var server = try GnuTLSServerSettings.shared(version)
            server.sessions = .on()
            server.currentTime = { time }
            let settings = GnuTLSClientSettings(insecureSkipVerify: true, keepsSessions: true, currentTime: { time })
            let pair = try Resuming(server, settings)
            _ = try pair.connect()
            let wire = try Wire(GnuTLSServer(server).makeSession(), pair.client.makeSession()).run()
            #expect(wire.client.report.accepted && wire.server.report.accepted)
            #expect(wire.server.report.resumed == resumes)
        }
    }

    @Test("Ticket keys are 64 random bytes, and lifetimes from 1 s to 7 days")
    func limits() throws {
        let keys = try (0..<3).map { _ in try GnuTLSLibrary.makeTicketKey() }
        #expect(keys.allSatisfy { $0.count == 64 })
        #expect(Set(keys).count == 3)
        for lifetime in [Int.min, -1, 0, 604_801, Int.max] {
            let error = #expect(throws: GnuTLSError.self) { try Resuming(.tls13, lifetimeSeconds: lifetime) }
            #expect(error?.name == "GNUTLS_E_INVALID_REQUEST")
            #expect(error?.operation.contains("lifetime of \(lifetime) s") == true)
        }
        for lifetime in [1, 604_800] {
            let pair = try Resuming(.tls13, lifetimeSeconds: lifetime, currentTime: { 1_700_000_000 })
            _ = try pair.connect()
            #expect(try pair.connect().client.report.resumed)
        }
        for size in [0, 63, 65] {
            let key = [UInt8](repeating: 1, count: size)
            let error = #expect(throws: GnuTLSError.self) { try Resuming(.tls13, ticketKey: key) }
            #expect(error?.operation == "setting a ticket key of \(size) bytes, expected 64")
        }
    }

    @Test("A client that forgets upon an update drops its session, and one whose ticket comes later")
    func forgets() throws {
        for forgets in [false, true] {
            let pair = try Resuming(.tls13, forgets: forgets)
            _ = try pair.connect()
            let wire = Wire(try pair.server.makeSession(), try pair.client.makeSession())
            wire.client.start()
            let root = try TestPKI.shared.get().root
            for update in [
                { try pair.client.update(identity: nil) }, { try pair.client.update(rootCAs: [root]) },
                { try pair.client.update(serverName: "server.test") }, { try pair.client.update(crls: []) },
            ] {
                _ = try pair.connect()
                #expect(pair.client.hasSession)
                try update()
                #expect(pair.client.hasSession == !forgets)
            }
            wire.run()
            #expect(wire.client.report.accepted)
            #expect(pair.client.hasSession == !forgets)
        }
    }
}
