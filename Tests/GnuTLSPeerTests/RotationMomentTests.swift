internal import GnuTLSPeer
internal import Testing

/// Where a handshake stands when something is updated.
enum Moment: CaseIterable {
    case beforeStart
    case beforeClientHello
    case afterFirstByteOfClientHello
    case beforeLastByteOfClientHello
    case afterClientHello
    case afterServerFlight
    case afterClientFlight
    case afterHandshake

    /// Plays a whole connection, with `update` at this moment.
    func play(_ wire: Wire, _ update: () throws -> Void) throws -> Wire {
        func reach(_ moment: Moment) throws { if moment == self { try update() } }
        try reach(.beforeStart)
        wire.client.start()
        try reach(.beforeClientHello)
        let hello = wire.client.takeOutput()
        wire.server.receive([hello[0]])
        try reach(.afterFirstByteOfClientHello)
        wire.server.receive(Array(hello[1..<(hello.count - 1)]))
        try #require(wire.server.takeOutput().isEmpty)
        try reach(.beforeLastByteOfClientHello)
        wire.server.receive([hello[hello.count - 1]])
        try reach(.afterClientHello)
        wire.moveFlight(from: wire.server, to: wire.client)
        try reach(.afterServerFlight)
        wire.moveFlight(from: wire.client, to: wire.server)
        try reach(.afterClientFlight)
        while wire.moveFlight(from: wire.server, to: wire.client) || wire.moveFlight(from: wire.client, to: wire.server)
        {}
        try reach(.afterHandshake)
        wire.client.send([1])
        wire.server.send([2])
        while wire.moveFlight(from: wire.server, to: wire.client) || wire.moveFlight(from: wire.client, to: wire.server)
        {}
        return wire
    }

    /// Whether a server's session takes what is updated now.
    var isBeforeServersChoice: Bool {
        switch self {
        case .beforeStart, .beforeClientHello, .afterFirstByteOfClientHello, .beforeLastByteOfClientHello: true
        case .afterClientHello, .afterServerFlight, .afterClientFlight, .afterHandshake: false
        }
    }
}

@Suite("Updates at every moment of a handshake")
struct RotationMomentTests {
    private func play(
        _ moment: Moment,
        _ server: GnuTLSServer,
        _ client: GnuTLSClient,
        _ update: () throws -> Void
    ) throws -> Wire {
        let wire = try moment.play(Wire(server.makeSession(), client.makeSession()), update)
        if wire.server.report.accepted, wire.client.report.accepted {
            #expect(wire.server.takeApplicationData() == [1])
            #expect(wire.client.takeApplicationData() == [2])
        }
        return wire
    }

    @Test("A server's identity", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func serverIdentity(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let server = try GnuTLSServer(.shared(version))
        let wire = try play(moment, server, GnuTLSClient(.shared())) { try server.update(identity: pki.server2) }
        let taken = moment.isBeforeServersChoice ? pki.server2 : pki.server
        #expect(wire.client.report.accepted && wire.server.report.accepted)
        #expect(wire.client.report.peerChain == taken.chain)
        #expect(wire.server.report.localCertificate == taken.chain[0])
    }

    @Test("A server's mode, stricter and laxer", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func clientAuth(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let isNew = moment.isBeforeServersChoice
        let stricter = try GnuTLSServer(.shared(version, .noClientCert))
        let anonymous = try play(moment, stricter, GnuTLSClient(.shared())) {
            try stricter.update(clientAuth: .requireAnyClientCert)
        }
        #expect(anonymous.server.report.accepted == !isNew)
        #expect(anonymous.server.report.alertSent == (isNew ? (version == .tls12 ? 50 : 116) : nil))
        #expect(anonymous.client.report.certificateRequested == isNew)

        let verifying = try GnuTLSServer(.shared(version, .requestClientCert))
        let untrusted = try play(moment, verifying, GnuTLSClient(.shared(pki.untrusted))) {
            try verifying.update(clientAuth: .verifyClientCertIfGiven)
        }
        #expect(untrusted.server.report.accepted == !isNew)
        #expect(untrusted.server.report.alertSent == (isNew ? 42 : nil))

        let laxer = try GnuTLSServer(.shared(version, .requireAndVerifyClientCert))
        let spared = try play(moment, laxer, GnuTLSClient(.shared(pki.untrusted))) {
            try laxer.update(clientAuth: .noClientCert)
        }
        #expect(spared.server.report.accepted == isNew)
        #expect(spared.client.report.certificateRequested == !isNew)
        #expect(spared.server.report.peerChain == (isNew ? [] : pki.untrusted.chain))
    }

    @Test("A server's client CAs, and the names that go with them", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func clientCAs(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let isNew = moment.isBeforeServersChoice
        for names in [GnuTLSServerSettings.CANames.derived, .list([pki.root])] {
            var settings = try GnuTLSServerSettings.shared(version, .requireAndVerifyClientCert)
            settings.caNames = names
            let server = try GnuTLSServer(settings)
            let wire = try play(moment, server, GnuTLSClient(.shared(pki.untrusted))) {
                try server.update(clientCAs: [pki.other])
            }
            #expect(wire.server.report.accepted == isNew)
            #expect(wire.server.report.peerVerified == isNew)
            if case .derived = names {
                #expect(wire.client.report.caNameStrings == (isNew ? ["CN=Other"] : ["CN=Root"]))
            } else {
                #expect(wire.client.report.caNameStrings == ["CN=Root"])
            }
        }
    }

    @Test("A server's CRLs", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func serverCRLs(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let isNew = moment.isBeforeServersChoice
        let server = try GnuTLSServer(.shared(version, .requireAndVerifyClientCert))
        let crl = try TestCA.root("Root").crl(revoking: [[3]])
        let wire = try play(moment, server, GnuTLSClient(.shared(pki.valid))) { try server.update(crls: [crl]) }
        #expect(wire.server.report.accepted == !isNew)
        #expect(wire.server.report.failure?.verificationReasons == (isNew ? ["revoked"] : nil))
    }

    @Test("A client's identity, root CAs, name and CRLs", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func client(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let isNew = moment == .beforeStart
        let crl = try TestCA.root("Root").crl(revoking: [[2]])
        let updates: [(word: String, make: (GnuTLSClient) throws -> Void)] = [
            ("unknown-ca", { try $0.update(rootCAs: [pki.other]) }),
            ("name-mismatch", { try $0.update(serverName: "other.test") }),
            ("revoked", { try $0.update(crls: [crl]) }),
        ]
        for (word, update) in updates {
            let client = try GnuTLSClient(.shared())
            let wire = try play(moment, GnuTLSServer(.shared(version)), client) { try update(client) }
            #expect(wire.client.report.accepted == !isNew)
            #expect(wire.client.report.failure?.verificationReasons == (isNew ? [word] : nil))
            #expect(wire.server.report.sni == (isNew && word == "name-mismatch" ? "other.test" : "server.test"))
        }
        let client = try GnuTLSClient(.shared(pki.valid))
        let wire = try play(moment, GnuTLSServer(.shared(version, .requestClientCert)), client) {
            try client.update(identity: pki.untrusted)
        }
        #expect(wire.server.report.peerChain == (isNew ? pki.untrusted : pki.valid).chain)
        #expect(wire.client.report.localCertificate == (isNew ? pki.untrusted : pki.valid).chain[0])
    }

    @Test("A handshake that resumes takes no notice", arguments: GnuTLSVersion.allCases, Moment.allCases)
    func resumed(_ version: GnuTLSVersion, _ moment: Moment) throws {
        let pki = try TestPKI.shared.get()
        let pair = try Resuming(version, .requestClientCert, identity: pki.untrusted)
        _ = try pair.connect()
        let wire = try play(moment, pair.server, pair.client) {
            try pair.server.update(identity: pki.server2)
            try pair.server.update(clientAuth: .requireAndVerifyClientCert)
            try pair.client.update(identity: pki.valid)
            try pair.client.update(rootCAs: [pki.other])
        }
        for report in [wire.server.report, wire.client.report] {
            #expect(report.accepted && report.resumed && !report.peerVerified)
        }
        #expect(wire.server.report.peerChain == pki.untrusted.chain)
        #expect(wire.client.report.peerChain == pki.server.chain)
    }

    @Test("An update that fails changes nothing")
    func lastGood() throws {
        let pki = try TestPKI.shared.get()
        let server = try GnuTLSServer(.shared(.tls13, .requireAndVerifyClientCert))
        let client = try GnuTLSClient(.shared(pki.valid))
        var wrong = pki.server
        wrong.privateKey = pki.server2.privateKey
        let tooLong = String(repeating: "a.", count: 200) + "test"
        let updates: [(operation: String, make: () throws -> Void)] = [
            ("loading an identity", { try server.update(identity: wrong) }),
            ("loading trust anchor 2 of 2", { try server.update(clientCAs: [pki.root, [1]]) }),
            ("loading CRL 1 of 1", { try server.update(crls: [[1]]) }),
            ("loading an identity", { try client.update(identity: wrong) }),
            ("loading trust anchor 1 of 1", { try client.update(rootCAs: [[]]) }),
            ("loading CRL 1 of 1", { try client.update(crls: [[0x30]]) }),
            ("setting the SNI", { try client.update(serverName: tooLong) }),
        ]
        for (operation, update) in updates {
            let error = #expect(throws: GnuTLSError.self) { try update() }
            #expect(error?.operation.hasPrefix(operation) == true, "\(String(describing: error))")
            let wire = try Wire(server.makeSession(), client.makeSession()).run()
            #expect(wire.server.report.accepted && wire.client.report.accepted)
            #expect(wire.server.report.peerVerified && wire.client.report.peerVerified)
            #expect(wire.client.report.sni == "server.test")
        }
        #expect(server.settings.clientCAs == [pki.root])
        #expect(client.settings.rootCAs == [pki.root])
    }
}
