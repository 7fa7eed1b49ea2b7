import ConformanceCatalogue
import ConformanceModel
import FoundationEssentials
import Testing

@testable import ConformanceJudge

@Suite("What a run shows of a stack")
struct ProfileInferenceTests {
    private static let stack = Stack(rawValue: "made-up")
    private let known: ProfileSet
    private let cases: [ConformanceCase]

    init() throws {
        let catalogue = try Simulation.catalogue.get()
        known = ProfileSet(catalogue.profiles)
        cases = try catalogue.replayed(
            by: [Pairing(server: Self.stack, client: .countersign), Pairing(server: .countersign, client: Self.stack)],
            globs: [
                "client-auth/credentials", "client-auth/asked-names", "server-auth/names",
                "resumption/client-auth-policy",
            ],
            profiles: []
        ).cases
    }

    private func profile(_ rules: SidedRule...) -> Profile {
        var profile = Profile(stack: Self.stack)
        profile.rules = rules.map {
            Profile.RuleEntry(
                rule: $0.rule,
                scope: Profile.Scope(side: $0.side),
                answer: $0.rule.counterfactual.answer
            )
        }
        return profile
    }

    private func inferred(_ simulation: Simulation) -> InferredProfile {
        ProfileInference(stack: Self.stack, profiles: known)
            .result(simulation.evidence(cases, beside: known)).inferred
    }

    @Test("A stack that breaks three rules has a profile of three lines, however many cases show it")
    func threeRules() {
        let found = inferred(
            Simulation(
                profile: profile(
                    SidedRule(.pathExpired, .server),
                    SidedRule(.purposeAny, .server),
                    SidedRule(.nameNoCommonName, .client)
                )
            )
        )
        #expect(
            found.rules.mapValues(\.class) == [
                "path/expired": .hole, "purpose/any": .stricter, "name/no-common-name": .limit,
            ]
        )
        #expect(
            found.rules.mapValues(\.answer) == [
                "path/expired": .accepts, "purpose/any": .refuses, "name/no-common-name": .accepts,
            ]
        )
        #expect(found.rules.values.allSatisfy { $0.count > 0 && !$0.cases.isEmpty })
        #expect(found.unexplained == [])
        #expect(found.alerts == [:])
        #expect(found.kept.contains("path/not-yet-valid"))
    }

    @Test("The order in which cases ended changes no byte of a profile")
    func deterministic() throws {
        let evidence = Simulation(
            profile: profile(
                SidedRule(.pathExpired, .server),
                SidedRule(.purposeAny, .server),
                SidedRule(.nameNoCommonName, .client)
            ),
            keepsRules: { $0.id.utf8.reduce(0) { $0 &+ Int($1) } % 7 == 0 }
        ).evidence(cases, beside: known)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func bytes(_ evidence: [Evidence]) throws -> Data {
            try encoder.encode(ProfileInference(stack: Self.stack, profiles: known).result(evidence).inferred)
        }
        let first = try bytes(evidence)
        #expect(first.count > 1_000)
        #expect(try bytes(evidence) == first)
        #expect(try bytes(evidence.reversed()) == first)
    }

    @Test("A stack that keeps the rules has none that it answers otherwise")
    func noRules() {
        let found = inferred(Simulation(profile: profile()))
        #expect(found.rules == [:])
        #expect(found.unexplained == [])
        #expect(found.decided.count * 2 > found.decided.asked)
    }

    @Test("A rule that is answered differently each time is named as such, with cases of both kinds")
    func varying() {
        // Neither a mode nor a version of TLS tells the two kinds apart.
        let turns = cases.map(\.id).filter { $0.contains("/not-yet-valid/") }
            .map { ($0, $0.contains("/RequireAndVerify/") == $0.contains("/tls1.2/")) }
        let turn = Dictionary(uniqueKeysWithValues: turns)
        let found = inferred(
            Simulation(profile: profile(SidedRule(.pathNotYetValid, .server))) { turn[$0.id] ?? false }
        )
        #expect(found.rules.mapValues(\.answer) == ["path/not-yet-valid": .varies])
        #expect(found.rules["path/not-yet-valid"]?.cases.allSatisfy { turn[$0] == false } == true)
        #expect(found.rules["path/not-yet-valid"]?.kept?.isEmpty == false)
        #expect(found.unexplained == [])
    }

    @Test(
        "A server that doesn't ask everybody for a certificate has one hole, which says whom",
        arguments: [
            Rule.clientRequested, .clientRequestedWithoutName, .clientRequestedByUnknownName,
            .clientRequestedBySpelling, .clientRequestedInPieces,
        ]
    )
    func unasked(rule: Rule) {
        let found = inferred(Simulation(profile: profile(SidedRule(rule, .server))))
        #expect(found.rules.mapValues(\.class) == [rule.rawValue: .hole])
        #expect(found.unexplained == [])
    }

    @Test("One stranger of many that gets in is a hole by the rule that keeps the others out")
    func rare() {
        let id = "client-auth/credentials/RequireAndVerify/untrusted-ca/tls1.3/made-up/countersign"
        let found = inferred(
            Simulation(profile: profile(SidedRule(.pathUnknownAuthority, .server))) { $0.id != id }
        )
        #expect(found.rules.mapValues(\.answer) == ["path/unknown-authority": .varies])
        #expect(found.rules["path/unknown-authority"]?.cases == [id])
        #expect(found.unexplained == [])
    }

    @Test("A case that no answer explains is named")
    func unexplained() throws {
        var evidence = Simulation(profile: profile()).evidence(cases, beside: known)
        let index = try #require(
            evidence.firstIndex {
                $0.testCase.id == "client-auth/credentials/RequireAndVerify/valid/tls1.3/made-up/countersign"
            }
        )
        evidence[index].connections[0].server.received = CertificateSighting(name: "other", serial: "02")
        let found = ProfileInference(stack: Self.stack, profiles: known).result(evidence).inferred
        #expect(found.unexplained == [evidence[index].testCase.id])
        #expect(found.rules == [:])
    }

    @Test("An alert that is always another one stands once for each defect")
    func alerts() {
        var odd = profile()
        odd.alerts = [.init(subject: .defect(.expired), scope: .init(side: .server), alerts: .init([.accessDenied]))]
        let found = inferred(Simulation(profile: odd))
        #expect(found.alerts == ["expired": ["access_denied"]])
        #expect(found.rules == [:])
        #expect(found.unexplained == [])
    }

    @Test("What a stack doesn't tell decides nothing")
    func untold() {
        let evidence = Simulation(profile: profile(SidedRule(.pathExpired, .server)))
            .evidence(cases, beside: known)
            .map { one in
                var one = one
                for index in one.connections.indices where one.testCase.pairing.server == Self.stack {
                    one.connections[index].server.untold = ObservedField.allCases
                    one.connections[index].client.untold = ObservedField.allCases
                }
                return one
            }
            .filter { $0.testCase.pairing.server == Self.stack }
        let found = ProfileInference(stack: Self.stack, profiles: known).result(evidence).inferred
        #expect(found.rules == [:])
        #expect(found.kept == [])
        #expect(found.undecided.contains("path/expired"))
    }

    @Test("A profile that was written down gives the same verdicts when it is read back")
    func written() throws {
        let evidence = Simulation(
            profile: profile(SidedRule(.pathExpired, .server), SidedRule(.purposeAny, .server))
        ).evidence(cases, beside: known)
        let found = ProfileInference(stack: Self.stack, profiles: known).result(evidence).profile
        let read = try Profile.profile(yaml: found.yaml, file: "found.yaml", anyStack: true)
        for tls in ProtocolVersion.allCases {
            let pairing = Pairing(server: Self.stack, client: Self.stack)
            #expect(
                ProfileSet([read]).conducts(for: pairing, tls) == ProfileSet([found]).conducts(for: pairing, tls)
            )
        }
    }
}
