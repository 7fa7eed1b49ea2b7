import ConformanceCatalogue
import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The judge")
struct JudgeTests {
    /// A valid client of a server that verifies, and what both sides must have seen.
    private static let fixture = CaseFixture()

    private static func accepted() -> ConnectionObservation {
        var server = SideObservation(accepted: true, reachedHandshake: true)
        server.presented = CertificateSighting(name: "server", serial: "01")
        server.received = CertificateSighting(name: "client", serial: "02")
        server.verified = true
        server.verifiedChainLength = 2
        server.sni = "server.test"
        server.version = .tls13
        var client = SideObservation(accepted: true, reachedHandshake: true)
        client.presented = server.received
        client.received = server.presented
        client.verified = true
        client.verifiedChainLength = 2
        client.sni = "server.test"
        client.certificateRequested = true
        client.acceptableCAs = ["root"]
        client.version = .tls13
        return ConnectionObservation(server: server, client: client)
    }

    private static func refusedForMissingCertificate() -> ConnectionObservation {
        var observation = accepted()
        observation.server = SideObservation(accepted: false, reachedHandshake: true)
        observation.server.noticed = .handshake
        observation.server.reason = "no-certificate"
        observation.server.alertSent = .certificateRequired
        observation.server.presented = CertificateSighting(name: "server", serial: "01")
        observation.server.sni = "server.test"
        observation.client.accepted = false
        observation.client.noticed = .firstRead
        observation.client.reason = "peer-alert"
        observation.client.alertReceived = .certificateRequired
        observation.client.presented = nil
        return observation
    }

    private func verdict(
        _ fixture: CaseFixture,
        _ observation: ConnectionObservation,
        control: ConnectionObservation? = nil,
        profiles: [Profile] = []
    ) -> CaseResult {
        let conformanceCase = fixture.conformanceCase
        return Judge(profiles: ProfileSet(profiles)).result(
            of: conformanceCase,
            expectation: Oracle().expectation(for: conformanceCase),
            outcome: .played(connections: [observation], control: control),
            durationMs: 1
        )
    }

    @Test("A client that speaks without TLS fails a case that is perfect otherwise")
    func plaintext() {
        var observation = Self.accepted()
        observation.server.heardPlaintext = true
        let result = verdict(Self.fixture, observation)
        #expect(result.verdict == .failed)
        #expect(result.reason?.hasPrefix("server: expected TLS alone, saw its client speak without it") == true)
    }

    @Test("A client that counts a refused connection as accepted is told by a rule of its own")
    func heedsNothing() {
        var fixture = Self.fixture
        fixture.credential = nil
        var observation = Self.refusedForMissingCertificate()
        observation.client.accepted = true
        let result = verdict(fixture, observation, control: Self.accepted())
        #expect(result.verdict == .failed)
        #expect(result.reason?.hasPrefix("client: client-auth/heeds-refusal") == true, "\(result.reason ?? "")")
    }

    @Test("Two sides that saw what is permitted pass")
    func passes() {
        let result = verdict(Self.fixture, Self.accepted())
        #expect(result.verdict == .passed)
        #expect(result.reason == nil)
    }

    /// One change to a perfect observation, and what the judge must name.
    struct Change: Sendable, CustomTestStringConvertible {
        var name: String
        var names: String
        var change: @Sendable (inout ConnectionObservation) -> Void

        var testDescription: String { name }
    }

    static let changes: [Change] = [
        Change(name: "server refuses", names: "server: expected the connection to be accepted") {
            $0.server.accepted = false
        },
        Change(name: "client refuses", names: "client: expected the connection to be accepted") {
            $0.client.accepted = false
        },
        Change(name: "not verified", names: "server: expected verified true, saw false") { $0.server.verified = false },
        Change(name: "short chain", names: "server: expected verified chain length 2, saw 1") {
            $0.server.verifiedChainLength = 1
        },
        Change(name: "other certificate", names: "server: expected certificate received client, saw none") {
            $0.server.received = nil
        },
        Change(name: "other identity", names: "client: expected certificate received server, saw untrusted") {
            $0.client.received?.name = "untrusted"
        },
        Change(name: "no name", names: "server: expected server_name server.test, saw none") { $0.server.sni = nil },
        Change(name: "other CA names", names: "client: expected CA names [root], saw []") {
            $0.client.acceptableCAs = []
        },
        Change(name: "no request", names: "client: expected certificate requested true, saw false") {
            $0.client.certificateRequested = false
        },
        Change(name: "version", names: "client: expected version 1.3, saw 1.2") { $0.client.version = .tls12 },
        Change(name: "stray alert", names: "client: expected alert received none, saw internal_error") {
            $0.client.alertReceived = .internalError
        },
        Change(name: "resumed", names: "server: expected resumed false, saw true") { $0.server.resumed = true },
    ]

    @Test("One difference fails the case and is named", arguments: changes)
    func fails(change: Change) {
        var observation = Self.accepted()
        change.change(&observation)
        let result = verdict(Self.fixture, observation)
        #expect(result.verdict == .failed)
        #expect(result.reason?.contains(change.names) == true, "\(result.reason ?? "")")
    }

    @Test("A refusal with its control passes")
    func passesRefusal() {
        var fixture = Self.fixture
        fixture.credential = nil
        let result = verdict(fixture, Self.refusedForMissingCertificate(), control: Self.accepted())
        #expect(result.verdict == .passed, "\(result.reason ?? "")")
    }

    static let refusalChanges: [Change] = [
        Change(name: "accepted by the server", names: "server: expected the connection to be refused") {
            $0.server.accepted = true
        },
        Change(name: "accepted by the client", names: "client: expected the connection to be refused") {
            $0.client.accepted = true
        },
        Change(name: "other alert", names: "server: expected alert certificate_required, saw bad_certificate") {
            $0.server.alertSent = .badCertificate
        },
        Change(name: "no alert", names: "server: expected alert certificate_required, saw none") {
            $0.server.alertSent = nil
        },
        Change(name: "alert lost", names: "client: expected alert received certificate_required, saw none") {
            $0.client.alertReceived = nil
        },
        Change(name: "noticed too early", names: "client: expected noticed first-read, saw handshake") {
            $0.client.noticed = .handshake
        },
        Change(name: "other reason", names: "server: expected reason no-certificate, saw expired") {
            $0.server.reason = "expired"
        },
        Change(name: "no handshake", names: "server: expected a refusal in the handshake, saw none reached") {
            $0.server.reachedHandshake = false
        },
    ]

    @Test("A refusal for another reason, with another alert, or elsewhere fails", arguments: refusalChanges)
    func failsRefusal(change: Change) {
        var fixture = Self.fixture
        fixture.credential = nil
        var observation = Self.refusedForMissingCertificate()
        change.change(&observation)
        let result = verdict(fixture, observation, control: Self.accepted())
        #expect(result.verdict == .failed)
        #expect(result.reason?.contains(change.names) == true, "\(result.reason ?? "")")
    }

    @Test("A refusal without its positive control is an error of the harness")
    func missingControl() {
        var fixture = Self.fixture
        fixture.credential = nil
        #expect(verdict(fixture, Self.refusedForMissingCertificate()).verdict == .errored)
    }

    @Test("A refusal whose positive control is refused as well fails")
    func refusedControl() {
        var fixture = Self.fixture
        fixture.credential = nil
        let refusal = Self.refusedForMissingCertificate()
        let result = verdict(fixture, refusal, control: refusal)
        #expect(result.verdict == .failed)
        #expect(result.reason?.contains("positive control") == true)
    }

    @Test(
        "A deviation explains a difference in the versions that it speaks of, and in no other",
        arguments: [
            ("3.7.9", Verdict.deviated), ("3.8.0", .failed),
        ]
    )
    func deviationOfAVersion(version: String, verdict: Verdict) throws {
        let yaml = """
            stack: gnutls
            exceptions:
              - name: one
                side: client
                cases: [fixture/case]
                instead: {client: {acceptableCAs: []}}
                reason: a reason
                source: a source
                versions: ["3.7"]
            """
        var observation = Self.accepted()
        observation.client.acceptableCAs = []
        let conformanceCase = Self.fixture.conformanceCase
        let result = Judge(
            profiles: ProfileSet(
                [try Profile.profile(yaml: yaml, file: "scenarios/profiles/gnutls.yaml")],
                versions: ["gnutls": version]
            )
        ).result(
            of: conformanceCase,
            expectation: Oracle().expectation(for: conformanceCase),
            outcome: .played(connections: [observation], control: nil),
            durationMs: 1
        )
        #expect(result.verdict == verdict, "\(result.reason ?? "")")
    }

    @Test(
        "A deviation may say that an alert doesn't arrive as it was sent, and excuses no other one",
        arguments: [
            (nil, Verdict.deviated), (AlertDescription.certificateRequired, .unexpectedlyPassed),
            (.badCertificate, .failed),
        ]
    )
    func deviationOfAnArrival(received: AlertDescription?, verdict: Verdict) throws {
        var fixture = Self.fixture
        fixture.credential = nil
        let yaml = """
            stack: countersign
            exceptions:
              - name: one
                side: server
                cases: [fixture/case]
                expected: {outcome: rejected, by: server}
                instead: {client: {alertReceived: none}}
                reason: a reason
                source: a source
            """
        var observation = Self.refusedForMissingCertificate()
        observation.client.alertReceived = received
        let result = self.verdict(
            fixture,
            observation,
            control: Self.accepted(),
            profiles: [try Profile.profile(yaml: yaml, file: "scenarios/profiles/countersign.yaml")]
        )
        #expect(result.verdict == verdict, "\(result.reason ?? "")")
    }

    @Test("A connection that the engine did not play is an error of the harness")
    func missingConnection() {
        let conformanceCase = Self.fixture.conformanceCase
        let result = Judge(profiles: .none).result(
            of: conformanceCase,
            expectation: Oracle().expectation(for: conformanceCase),
            outcome: .played(connections: [], control: nil),
            durationMs: 1
        )
        #expect(result.verdict == .errored)
    }

    @Test(
        "An outcome without observations keeps its own verdict",
        arguments: [
            (PlayOutcome.unsupported(reason: "r"), Verdict.unsupported), (.timedOut(reason: "r"), .timedOut),
            (.crashed(reason: "r"), .crashed), (.errored(reason: "r"), .errored),
        ]
    )
    func otherOutcomes(outcome: PlayOutcome, verdict: Verdict) {
        let conformanceCase = Self.fixture.conformanceCase
        let result = Judge(profiles: .none).result(
            of: conformanceCase,
            expectation: Oracle().expectation(for: conformanceCase),
            outcome: outcome,
            durationMs: 1
        )
        #expect(result.verdict == verdict)
        #expect(result.reason == "r")
    }
}
