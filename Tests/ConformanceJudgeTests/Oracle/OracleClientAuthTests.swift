import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The oracle on client authentication")
struct OracleClientAuthTests {
    @Test(
        "A missing certificate is refused by the modes that require one, with the alert of the version",
        arguments: ClientAuthMode.allCases,
        ProtocolVersion.allCases
    )
    func missingCertificate(mode: ClientAuthMode, version: ProtocolVersion) {
        var fixture = CaseFixture()
        fixture.mode = mode
        fixture.version = version
        fixture.credential = nil
        let refusal = Outcome.rejected(
            by: .server,
            reasons: ["no-certificate"],
            alerts: version == .tls13 ? [.certificateRequired] : [.handshakeFailure],
            noticedByPeer: version == .tls13 ? .firstRead : .handshake
        )
        let isRequired = mode == .requireAnyClientCert || mode == .requireAndVerifyClientCert
        #expect(fixture.outcome == (isRequired ? refusal : .accepted))
    }

    @Test(
        "A host with a mode of its own asks by that, in any spelling, and every other name by the server's",
        arguments: [
            ("open.test", false), ("OPEN.TEST", false), ("open.test.", false), ("server.test", true),
            ("below.open.test", true),
        ]
    )
    func hosts(name: String, isAsked: Bool) throws {
        var fixture = CaseFixture()
        fixture.credential = nil
        fixture.server.hosts = ["open.test": .noClientCert]
        fixture.client.serverName = name
        fixture.client.insecureSkipVerify = true
        let expected = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.last)
        #expect(expected.client.certificateRequested == isAsked)
        #expect(expected.outcome.decision == (isAsked ? .rejected : .accepted))
        var conducts = Conducts()
        conducts.server.otherwise[.clientRequestedByHost] = Conduct.Answer()
        let deaf = Oracle().answer(for: fixture.conformanceCase, conducts: conducts).expectation.connections
        #expect(deaf.last?.outcome.decision == .rejected)
    }

    @Test("A request under another name than that of its host may be refused without a question, and is refused")
    func misdirected() throws {
        var fixture = CaseFixture()
        fixture.credential = nil
        fixture.client.sniOverride = "open.test"
        let expected = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.last)
        #expect(expected.outcome.decision == .rejected)
        #expect(expected.client.certificateRequested == nil)
        fixture.client.sniOverride = "SERVER.TEST"
        let spelled = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.last)
        #expect(spelled.client.certificateRequested == true)
    }

    @Test(
        "An untrusted certificate is refused by the modes that verify, with unknown_ca",
        arguments: ClientAuthMode.allCases
    )
    func untrustedCertificate(mode: ClientAuthMode) {
        var fixture = CaseFixture()
        fixture.mode = mode
        fixture.credential = "untrusted"
        let isVerified = mode == .verifyClientCertIfGiven || mode == .requireAndVerifyClientCert
        #expect(
            fixture.outcome
                == (isVerified
                    ? .rejected(by: .server, reasons: ["unknown-ca"], alerts: [.unknownCA], noticedByPeer: .firstRead)
                    : .accepted)
        )
    }

    @Test(
        "A certificate counts as verified in the modes that verify, and in no other",
        arguments: ClientAuthMode.allCases
    )
    func verifiedFlag(mode: ClientAuthMode) throws {
        var fixture = CaseFixture()
        fixture.mode = mode
        let server = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.first).server
        #expect(server.verified == (mode == .verifyClientCertIfGiven || mode == .requireAndVerifyClientCert))
        #expect(server.received == (mode == .noClientCert ? "none" : "client"))
        #expect(server.verifiedChainLength == (server.verified == true ? 2 : 0))
    }

    @Test("A client that selects by CA names withholds a certificate whose issuer is not listed")
    func withheldCertificate() throws {
        var fixture = CaseFixture()
        fixture.client.presents = .matching
        fixture.credential = "untrusted"
        let expectation = Oracle().expectation(for: fixture.conformanceCase)
        #expect(expectation.connections.first?.outcome.reasons == ["no-certificate"])
        #expect(expectation.connections.first?.client.presented == "none")
        #expect(expectation.rules.contains(Rule.clientWithholds.rawValue))

        fixture.server.acceptableCANames = .none
        #expect(fixture.outcome?.reasons == ["unknown-ca"])
    }

    @Test(
        "A mode that verifies without ClientCAs is a configuration error of the server",
        arguments: ClientAuthMode.allCases
    )
    func missingPool(mode: ClientAuthMode) {
        var fixture = CaseFixture()
        fixture.mode = mode
        fixture.server.clientCAs = nil
        let isVerified = mode == .verifyClientCertIfGiven || mode == .requireAndVerifyClientCert
        #expect(fixture.outcome == (isVerified ? .configurationError(.server, reason: "no-client-cas") : .accepted))
    }

    @Test("A signature by another key is refused with decrypt_error in every mode that asks for a certificate")
    func brokenProofOfPossession() {
        var fixture = CaseFixture()
        var broken = CredentialSpecification(name: "broken", certificate: "client")
        broken.corruptsSignature = true
        fixture.credentials["broken"] = broken
        fixture.credential = "broken"
        for mode in ClientAuthMode.allCases where mode.requestsCertificate {
            fixture.mode = mode
            #expect(fixture.outcome?.alerts == [.decryptError], "\(mode)")
        }
        fixture.mode = .noClientCert
        #expect(fixture.outcome == .accepted)
    }

    @Test("An honest stack refuses a mismatched key before any byte; a peer told to present it is refused")
    func mismatchedKey() {
        var fixture = CaseFixture()
        var mismatched = CredentialSpecification(name: "mismatched", certificate: "client")
        mismatched.keyOf = "untrusted"
        fixture.credentials["mismatched"] = mismatched
        fixture.credential = "mismatched"
        #expect(fixture.outcome?.alerts == [.decryptError])
        fixture.pairing = Pairing(server: .gnutls, client: .countersign)
        #expect(fixture.outcome == .configurationError(.client, reason: "mismatched-key"))
    }
}
