import ConformanceCatalogue
import ConformanceModel
import Testing

@testable import ConformanceJudge

@Suite("The verdict on a subject")
struct ProfileCensusTests {
    private static let stack = Stack(rawValue: "made-up")
    private static let good = "client-auth/credentials/RequireAndVerify/one-intermediate/tls1.3/made-up/countersign"
    private static let bad = "client-auth/asked-names/RequireAndVerify/below/stranger/tls1.3/made-up/countersign"
    private let known: ProfileSet
    private let cases: [ConformanceCase]

    init() throws {
        let catalogue = try Simulation.catalogue.get()
        known = ProfileSet(catalogue.profiles)
        cases = try catalogue.replayed(
            by: [Pairing(server: Self.stack, client: .countersign)],
            globs: ["client-auth/credentials", "client-auth/asked-names"],
            profiles: []
        ).cases
    }

    /// A stack that keeps the rules, but in one case.
    private func outcome(
        of id: String,
        isStrict: Bool = false,
        _ change: (inout ConnectionObservation) -> Void
    ) -> ProfileCensus.Outcome {
        let judge = Judge(profiles: known)
        let results = Simulation(profile: Profile(stack: Self.stack)).evidence(cases, beside: known).map { evidence in
            var connections = evidence.connections
            if evidence.testCase.id == id { change(&connections[0]) }
            var control = evidence.connections[0]
            (control.server.accepted, control.client.accepted) = (true, true)
            return judge.result(
                of: evidence.testCase,
                expectation: Oracle().expectation(for: evidence.testCase),
                outcome: .played(connections: connections, control: control),
                durationMs: 1
            )
        }
        return ProfileCensus(profiles: known).outcome(of: cases, results, subjects: [Self.stack], isStrict: isStrict)
    }

    private func refuse(_ connection: inout ConnectionObservation) {
        connection.server.accepted = false
        connection.client.accepted = false
        connection.client.reason = "peer-alert"
        connection.client.noticed = .firstRead
        connection.client.alertReceived = .badCertificate
    }

    @Test("A refusal that no rule explains is told, and is no fault", arguments: [false, true])
    func refusal(isStrict: Bool) throws {
        let outcome = outcome(of: Self.good, isStrict: isStrict, refuse)
        let result = try #require(outcome.results.first { $0.id == Self.good })
        #expect(result.verdict == (isStrict ? .failed : .deviated))
        guard !isStrict else { return }
        #expect(result.deviation == "made-up: stricter by no rule")
        #expect(result.reason?.hasPrefix("made-up refuses, and no rule says why; ") == true)
        #expect(outcome.profiles["made-up"]?.unruled == [Self.good])
        #expect(outcome.profiles["made-up"]?.unexplained == [])
        #expect(outcome.results.filter { !$0.verdict.isExpected }.isEmpty)
    }

    @Test("A server that refuses before it asks refuses all the same")
    func unasked() throws {
        let outcome = outcome(of: Self.bad) { connection in
            refuse(&connection)
            connection.client.certificateRequested = false
            connection.client.presented = nil
            connection.server.received = nil
        }
        let result = try #require(outcome.results.first { $0.id == Self.bad })
        #expect(result.verdict == .deviated)
        #expect(outcome.results.filter { !$0.verdict.isExpected }.isEmpty)
    }

    @Test("A stranger that gets in once is a hole, and the run fails")
    func stranger() throws {
        let outcome = outcome(of: Self.bad) { connection in
            (connection.server, connection.client) = (
                SideObservation(accepted: true, reachedHandshake: true),
                SideObservation(accepted: true, reachedHandshake: true)
            )
            connection.client.version = .tls13
            connection.server.untold = ObservedField.allCases
            connection.client.untold = [.presented, .received, .verified, .sni, .certificateRequested, .acceptableCAs]
        }
        let result = try #require(outcome.results.first { $0.id == Self.bad })
        #expect(result.verdict == .failed)
        #expect(outcome.profiles["made-up"]?.rules.values.contains { $0.class == .hole } == true)
    }

    @Test(
        "A server that refuses some of the good chains and not all is stricter, and the run is as expected",
        arguments: [false, true]
    )
    func someRefused(isStrict: Bool) {
        var profile = Profile(stack: Self.stack)
        profile.rules = [
            Profile.RuleEntry(rule: .purposeAbsent, scope: Profile.Scope(side: .server), answer: .refuses)
        ]
        let judge = Judge(profiles: known)
        let simulation = Simulation(profile: profile) { $0.id.contains("/tls1.3/") == $0.id.contains("/RequireAnd") }
        let results = simulation.evidence(cases, beside: known).map { evidence in
            var control = evidence.connections[0]
            (control.server.accepted, control.client.accepted) = (true, true)
            return judge.result(
                of: evidence.testCase,
                expectation: Oracle().expectation(for: evidence.testCase),
                outcome: .played(connections: evidence.connections, control: control),
                durationMs: 1
            )
        }
        let outcome = ProfileCensus(profiles: known)
            .outcome(of: cases, results, subjects: [Self.stack], isStrict: isStrict)
        #expect(outcome.profiles["made-up"]?.rules["purpose/absent"]?.answer == .varies)
        #expect(outcome.findings.contains { $0.contains("purpose/absent in different ways") } == isStrict)
        #expect(outcome.results.contains { !$0.verdict.isExpected } == isStrict)
    }

    @Test("The library that plays the other side has no profile in the report")
    func measure() {
        let outcome = outcome(of: Self.good, refuse)
        #expect(Array(outcome.profiles.keys) == ["made-up"])
    }
}
