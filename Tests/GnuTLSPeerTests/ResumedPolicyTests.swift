internal import GnuTLSPeer
internal import Testing

/// The sessions that GnuTLS resumes although something changed since: it compares nothing but the ticket's key and age, and in
/// TLS 1.2 the SNI. Each test has a full handshake beside the resumed one, which shows what the change decides.
@Suite("What GnuTLS resumes after a change")
struct ResumedPolicyTests {
    /// A pair that has connected once.
    private func connected(
        _ version: GnuTLSVersion,
        _ mode: GnuTLSClientAuth = .noClientCert,
        _ identity: GnuTLSCredential? = nil,
        currentTime: (@Sendable () -> Int64)? = nil
    ) throws -> Resuming {
        let pair = try Resuming(version, mode, identity: identity, currentTime: currentTime)
        let first = try pair.connect()
        try #require(first.server.report.accepted && first.client.report.accepted && pair.client.hasSession)
        return pair
    }

    private func expectResumed(_ wire: Wire, serverSees chain: [[UInt8]]) throws {
        let pki = try TestPKI.shared.get()
        for report in [wire.server.report, wire.client.report] {
            #expect(report.accepted && report.resumed && !report.peerVerified)
        }
        #expect(wire.server.report.peerChain == chain)
        #expect(wire.client.report.peerChain == pki.server.chain)
    }

    @Test("The server's identity was replaced: the client sees the old one", arguments: GnuTLSVersion.allCases)
    func serverIdentity(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let pair = try connected(version)
        try pair.server.update(identity: pki.server2)
        try expectResumed(try pair.connect(), serverSees: [])
        #expect(try pair.connect(offering: false).client.report.peerChain == pki.server2.chain)
    }

    @Test("The client's identity was replaced: the server sees the old one", arguments: GnuTLSVersion.allCases)
    func clientIdentity(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        for later in [pki.untrusted, nil] {
            let pair = try connected(version, .requireAndVerifyClientCert, pki.valid)
            try pair.client.update(identity: later)
            try expectResumed(try pair.connect(), serverSees: pki.valid.chain)
            let fresh = try pair.connect(offering: false)
            #expect(fresh.server.report.alertSent == (later != nil ? 42 : version == .tls12 ? 50 : 116))
        }
    }

    @Test("The client CAs were replaced: a client of the old ones is accepted", arguments: GnuTLSVersion.allCases)
    func clientCAs(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        for anchors in [[pki.other], []] {
            let pair = try connected(version, .requireAndVerifyClientCert, pki.valid)
            try pair.server.update(clientCAs: anchors)
            try expectResumed(try pair.connect(), serverSees: pki.valid.chain)
            let fresh = try pair.connect(offering: false)
            #expect(fresh.server.report.alertSent == 42)
            #expect(fresh.server.report.failure?.verificationReasons == ["unknown-ca"])
        }
    }

    @Test("The mode was replaced, in each direction: what the session has stays", arguments: GnuTLSVersion.allCases)
    func clientAuth(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        var resumed = 0
        for before in GnuTLSClientAuth.allCases {
            for identity in [nil, pki.valid, pki.untrusted] {
                let pair = try Resuming(version, before, identity: identity)
                guard try pair.connect().server.report.accepted else { continue }
                for after in GnuTLSClientAuth.allCases {
                    try pair.server.update(clientAuth: after)
                    let chain = before == .noClientCert ? [] : identity?.chain ?? []
                    try expectResumed(try pair.connect(), serverSees: chain)
                    resumed += 1
                }
            }
        }
        // 15 starts without the 4 that are refused: none or untrusted where a certificate is required or verified.
        #expect(resumed == 11 * 5)
        let pair = try connected(version, .noClientCert)
        try pair.server.update(clientAuth: .requireAndVerifyClientCert)
        #expect(try pair.connect(offering: false).server.report.alertSent == (version == .tls12 ? 50 : 116))
    }

    @Test("The client's certificate expired since: it is accepted", arguments: GnuTLSVersion.allCases)
    func expired(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let clock = TestClock(Int64(TestRecipe.expired) - 60)
        let pair = try connected(version, .requireAndVerifyClientCert, pki.expired, currentTime: clock.read)
        clock.advance(by: 3_600)
        try expectResumed(try pair.connect(), serverSees: pki.expired.chain)
        #expect(try pair.connect(offering: false).server.report.failure?.verificationReasons == ["expired"])
    }

    @Test("A certificate was revoked since: it is accepted, on either side", arguments: GnuTLSVersion.allCases)
    func revoked(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        // GnuTLS checks no CRL's signature, so another CA of the same name may list the serials.
        let crl = try TestCA.root("Root").crl(revoking: [[2], [3]])
        let pair = try connected(version, .requireAndVerifyClientCert, pki.valid)
        try pair.server.update(crls: [crl])
        try expectResumed(try pair.connect(), serverSees: pki.valid.chain)
        #expect(try pair.connect(offering: false).server.report.failure?.verificationReasons == ["revoked"])
        try pair.client.update(crls: [crl])
        try expectResumed(try pair.connect(), serverSees: pki.valid.chain)
        #expect(try pair.connect(offering: false).client.report.failure?.verificationReasons == ["revoked"])
    }

    @Test("The client's root CAs were replaced: the old server is accepted", arguments: GnuTLSVersion.allCases)
    func rootCAs(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let pair = try connected(version)
        try pair.client.update(rootCAs: [pki.other])
        try expectResumed(try pair.connect(), serverSees: [])
        #expect(try pair.connect(offering: false).client.report.failure?.verificationReasons == ["unknown-ca"])
    }

    @Test("The client asks for another name: TLS 1.2 declines, TLS 1.3 resumes", arguments: GnuTLSVersion.allCases)
    func serverName(_ version: GnuTLSVersion) throws {
        let pair = try connected(version)
        try pair.client.update(serverName: "other.test")
        let wire = try pair.connect()
        #expect(wire.server.report.sni == "other.test")
        switch version {
        case .tls12:
            #expect(!wire.server.report.resumed && !wire.client.report.resumed)
            #expect(wire.client.report.failure?.verificationReasons == ["name-mismatch"])
        case .tls13:
            try expectResumed(wire, serverSees: [])
        }
        #expect(try pair.connect(offering: false).client.report.alertSent == 42)
    }

    @Test("A session without SNI, offered with one and back, counts as another name", arguments: GnuTLSVersion.allCases)
    func noServerName(_ version: GnuTLSVersion) throws {
        var server = try GnuTLSServerSettings.shared(version)
        server.sessions = .on()
        for (before, after) in [("server.test", nil), (nil, "server.test")] {
            var settings = try GnuTLSClientSettings.shared()
            settings.serverName = before
            settings.keepsSessions = true
            let pair = try Resuming(server, settings)
            _ = try pair.connect()
            try pair.client.update(serverName: after)
            let wire = try pair.connect()
            #expect(wire.client.report.accepted && wire.server.report.accepted)
            #expect(wire.client.report.resumed == (version == .tls13))
        }
    }
}
