import ConformanceJudge
import ConformanceModel
import Testing

@Suite("Cases for a server that runs already")
struct LiveServerPlanTests {
    private let plan = LiveServerPlan(
        stack: .target,
        mode: .requireAndVerifyClientCert,
        serverName: "shop.example",
        rootCount: 1,
        issuer: LiveIssuer(pathLength: 0)
    )

    @Test("the test authority stands in for that of the client, and is all that the server trusts")
    func authority() {
        let aimed = plan.aimed(testCase(pool: ["other", "root"], credential: "client"))
        #expect(aimed.pki.adopted == "root")
        #expect(aimed.pki.certificates["root"]?.pathLength == 0)
        #expect(aimed.server.clientCAs == ["root"])
        #expect(LiveServerPlan.refusal(of: aimed) == nil)
        #expect(Oracle().expectation(for: aimed).connections.map(\.outcome.decision) == [.accepted])
    }

    @Test("a client of another authority, which the case's server would trust, is to be refused")
    func pinned() {
        let aimed = plan.aimed(testCase(pool: ["other", "root"], credential: "stranger"))
        #expect(Oracle().expectation(for: aimed).connections.map(\.outcome.reasons) == [["unknown-ca"]])
    }

    @Test("the server is asked for its own name, and verified with what was given")
    func serverName() {
        let aimed = plan.aimed(testCase(pool: ["root"], credential: "client"))
        #expect(aimed.client.serverName == "shop.example")
        #expect(aimed.client.insecureSkipVerify == false)
        #expect(aimed.client.rootCAs == ["live-root-1"])
        #expect(aimed.pki.certificates["live-root-1"]?.standIn == .serverRoot(0))
        var blind = plan
        blind.rootCount = 0
        #expect(blind.aimed(testCase(pool: ["root"], credential: "client")).client.insecureSkipVerify)
    }

    @Test(
        "a spelling of the scenario's name becomes the same spelling of the target's, and then the client verifies nothing",
        arguments: [
            ("SERVER.TEST", "SHOP.EXAMPLE"), ("server.test.", "shop.example."), ("a.server.test", "a.shop.example"),
            ("unknown.example", "unknown.example"), ("", ""),
        ]
    )
    func spelling(_ sent: String, _ expected: String) {
        var spelled = testCase(pool: ["root"], credential: "client")
        spelled.client.sniOverride = sent
        let aimed = plan.aimed(spelled)
        #expect(aimed.client.sniOverride == expected)
        #expect(aimed.client.insecureSkipVerify)
        #expect(LiveServerPlan.refusal(of: aimed) == nil)
    }

    @Test(
        "an open host stands in for that of a scenario, and a case with one is a question to a server that has one alone"
    )
    func openHost() {
        var crossing = testCase(pool: ["root"], credential: "client")
        crossing.pairing = Pairing(server: .target, client: .gnutls)
        crossing.server.hosts = ["open.test": .noClientCert]
        crossing.client.serverName = "open.test"
        crossing.steps = [
            .connect, .rotate(Rotation(side: .client, .serverName("server.test"))), .reconnect(resume: true),
        ]
        #expect(!plan.concerns(crossing))
        var several = plan
        several.openHost = LiveHost(name: "Open.Example", mode: .noClientCert)
        #expect(several.concerns(crossing))
        let aimed = several.aimed(crossing)
        #expect(aimed.server.hosts == ["open.example": .noClientCert])
        #expect(aimed.client.serverName == "Open.Example")
        #expect(aimed.steps[1] == .rotate(Rotation(side: .client, .serverName("shop.example"))))
        #expect(LiveServerPlan.refusal(of: aimed) == nil)

        var named = testCase(pool: ["root"], credential: "client")
        named.client.sniOverride = "open.test"
        #expect(!plan.concerns(named))
        #expect(several.concerns(named))
        #expect(several.aimed(named).client.sniOverride == "Open.Example")
        #expect(several.aimed(named).client.serverName == "shop.example")
        several.openHost?.mode = .requestClientCert
        #expect(!several.concerns(crossing))
    }

    @Test("the list that a server has puts its serial number on the client that must be refused, in one scenario alone")
    func revokedSerial() {
        var revoked = testCase(pool: ["root"], credential: "client")
        revoked.scenario = "client-auth/revoked-serial"
        revoked.server.revocation = .leaf
        revoked.server.revocationLists = ["list"]
        var list = RevocationListSpecification(name: "list", issuer: "root")
        list.revokes = ["client"]
        revoked.pki.revocationLists["list"] = list
        #expect(!plan.concerns(revoked))
        #expect(LiveServerPlan.refusal(of: plan.aimed(revoked))?.contains("--crl") == true)
        var told = plan
        told.issuer.revokedSerial = [0x42, 0x42]
        #expect(told.concerns(revoked))
        let aimed = told.aimed(revoked)
        #expect(aimed.pki.certificates["client"]?.serial == [0x42, 0x42])
        #expect(LiveServerPlan.refusal(of: aimed) == nil)
        #expect(Oracle().expectation(for: aimed).connections.map(\.outcome.reasons) == [["revoked"]])
        // Other scenarios have lists of their own making, and say that they can't be asked.
        revoked.scenario = "client-auth/revocation"
        #expect(told.concerns(revoked))
        #expect(LiveServerPlan.refusal(of: told.aimed(revoked))?.contains("--crl") == true)
    }

    @Test("an impostor of the adopted authority is to be refused, and so is what it issued")
    func impostor() {
        var posed = testCase(pool: ["root"], credential: "stranger")
        posed.pki.certificates["other"]?.subjectOf = "root"
        posed.pki.certificates["other"]?.keyIdentifierOf = "root"
        let aimed = plan.aimed(posed)
        #expect(aimed.pki.adopted == "root")
        #expect(Oracle().expectation(for: aimed).connections.map(\.outcome.reasons) == [["unknown-ca"]])
    }

    @Test("what can't be done to a running server is refused with the reason")
    func refused() {
        var strict = testCase(pool: ["root"], credential: "client")
        strict.server.strictSNI = true
        #expect(LiveServerPlan.refusal(of: plan.aimed(strict)) == "a live server brings its own certificates")
        var rotated = testCase(pool: ["root"], credential: "client")
        rotated.steps.append(.rotate(Rotation(side: .server, .identity("server"))))
        #expect(LiveServerPlan.refusal(of: plan.aimed(rotated)) == "nothing of a live server can be changed")
        #expect(!plan.concerns(testCase(pool: ["root"], credential: "client", mode: .noClientCert)))
    }

    private func testCase(
        pool: [String],
        credential: String,
        mode: ClientAuthMode = .requireAndVerifyClientCert
    ) -> ConformanceCase {
        var pki = PKISpecification()
        for (name, issuer) in [
            ("root", nil), ("other", nil), ("server", "root"), ("client", "root"), ("stranger", "other"),
        ] {
            var entry = CertificateSpecification(name: name, issuer: issuer)
            entry.isCA = issuer == nil
            if name == "server" { entry.dnsNames = ["server.test"] }
            pki.certificates[name] = entry
            pki.credentials[name] = CredentialSpecification(name: name, certificate: name)
        }
        var server = ServerSettings()
        server.identity = "server"
        server.clientAuth = mode
        server.clientCAs = pool
        var client = ClientSettings()
        client.identity = credential
        client.rootCAs = ["root"]
        client.serverName = "server.test"
        var good = client
        good.identity = "client"
        return ConformanceCase(
            id: "x",
            scenario: "client-auth/x",
            axes: [],
            pairing: Pairing(server: .target, client: .countersign),
            version: .tls13,
            pki: pki,
            server: server,
            client: client,
            steps: [.connect, .exchange],
            control: Control(server: server, client: good)
        )
    }
}
