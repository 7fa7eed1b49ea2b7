package import ConformanceModel

/// Reads the exceptions of a profile.
struct ExceptionReader {
    let log: IssueLog
    func exception(_ tree: YAMLTree, stack: Stack) -> ProfileException {
        let probe = BlockReader(tree, "an exception", log: log)
        let name = probe.required("name")
        let block = BlockReader(tree, "exception “\(name)”", log: log)
        _ = block.tree("name")
        let side: Side? = block.word("side")
        if side == nil, block.tree("side") == nil {
            log.report("\(block.name) lacks “side”", line: block.line)
        }
        let patterns = block.strings("cases") ?? []
        if patterns.isEmpty {
            log.report("\(block.name) lacks “cases”: a list of patterns for case ids", line: block.line)
        }
        let instead = block.tree("instead").map(behaviour) ?? DeviantBehaviour()
        if instead.isEmpty {
            log.report("\(block.name) doesn't say what is seen instead", line: block.line(of: "instead"))
        }
        let exception = ProfileException(
            stack: stack,
            name: name,
            side: side ?? .server,
            cases: patterns.map(IDGlob.init),
            conditions: conditions(block),
            expected: block.tree("expected").map(expected),
            instead: instead,
            reason: block.required("reason"),
            source: block.required("source"),
            versions: block.strings("versions") ?? [],
            isIntermittent: block.bool("sometimes") ?? false,
            file: log.file,
            line: tree.line
        )
        block.finish()
        return exception
    }

    private func conditions(_ block: BlockReader) -> [String: Set<String>] {
        var conditions: [String: Set<String>] = [:]
        for entry in block.block("when") ?? [] {
            if case .sequence(let items) = entry.value.value {
                conditions[entry.key] = Set(items.compactMap { block.string($0, entry.key) })
            } else if let text = block.string(entry.value, entry.key) {
                conditions[entry.key] = [text]
            }
        }
        return conditions
    }

    private func expected(_ tree: YAMLTree) -> ExpectedOutcome {
        let block = BlockReader(tree, "expected", log: log)
        var expected = ExpectedOutcome()
        expected.decision = outcome(block)
        expected.by = block.word("by", as: "side")
        expected.alerts = block.strings("alerts").map { known($0, line: block.line(of: "alerts")) }
        expected.reasons = block.strings("reasons")
        expected.resumed = block.bool("resumed")
        expected.declined = block.bool("declined")
        block.finish()
        return expected
    }

    private func outcome(_ block: BlockReader) -> Outcome.Decision? {
        block.word("outcome", among: [.accepted, .rejected, .configurationError])
    }

    private func behaviour(_ tree: YAMLTree) -> DeviantBehaviour {
        let block = BlockReader(tree, "instead", log: log)
        var behaviour = DeviantBehaviour()
        behaviour.connections = connections(block)
        behaviour.decision = outcome(block)
        behaviour.by = block.word("by", as: "side")
        behaviour.reasons = block.strings("reasons")
        behaviour.alerts = alerts(block)
        behaviour.noticedByPeer = block.word("noticedByPeer", among: [.configuration, .handshake, .firstRead])
        behaviour.resumed = block.bool("resumed")
        if behaviour.resumed == true, behaviour.decision != nil, behaviour.decision != .accepted {
            log.report("a connection that is resumed is accepted", line: block.line(of: "resumed"))
        }
        if let tree = block.tree("server") { behaviour.server = expectation(tree, .server) }
        if let tree = block.tree("client") { behaviour.client = expectation(tree, .client) }
        block.finish()
        return behaviour
    }

    /// `connection: NUMBER`, or `all`.
    private func connections(_ block: BlockReader) -> DeviantBehaviour.Connections? {
        if block.tree("connection")?.text == "all" { return .all }
        guard let number = block.int("connection") else { return nil }
        if number == 0 {
            log.report("connections are counted from 1", line: block.line(of: "connection"))
        }
        return .number(number)
    }

    /// `alerts: [NAME…]`, or `alerts: none` or `any`.
    private func alerts(_ block: BlockReader) -> DeviantBehaviour.Alerts? {
        guard let tree = block.tree("alerts") else { return nil }
        switch tree.text {
        case "none"?: return .among([])
        case "any"?: return .any
        default: break
        }
        return .among(known(block.strings("alerts") ?? [], line: block.line(of: "alerts")))
    }

    private func alertReceived(_ block: BlockReader) -> String? {
        guard let name = block.string("alertReceived"), name != SideExpectation.none else {
            return block.tree("alertReceived")?.text
        }
        return known([name], line: block.line(of: "alertReceived")).first?.name
    }

    private func known(_ names: [String], line: Int) -> [AlertDescription] {
        let alerts = names.compactMap { name in
            if let alert = AlertDescription(name: name) { return alert }
            log.reportUnknown("alert", name, known: Array(AlertDescription.names.values), line: line)
            return nil
        }
        return alerts.sorted()
    }

    private func expectation(_ tree: YAMLTree, _ side: Side) -> SideExpectation {
        let block = BlockReader(tree, "\(side.rawValue) in instead", log: log)
        var expectation = SideExpectation()
        expectation.presented = block.string("presented")
        expectation.received = block.string("received")
        expectation.verified = block.bool("verified")
        expectation.verifiedChainLength = block.int("verifiedChainLength")
        expectation.sni = block.string("sni")
        expectation.alertReceived = alertReceived(block)
        if side == .client {
            expectation.certificateRequested = block.bool("certificateRequested")
            expectation.acceptableCAs = block.strings("acceptableCAs")?.sorted()
        }
        block.finish()
        return expectation
    }
}

extension ProfileException {
    /// The faults of exceptions in the light of the cases: one that speaks of none is misspelt or out of date, and
    /// so is a condition on a value that none of its cases has.
    ///
    /// Stacks that play in no case at all are left alone, since their pairings come from outside of the catalogue.
    static func issues(_ exceptions: [ProfileException], scenarios: [Scenario]) -> [ScenarioError.Issue] {
        let index = scenarios.concurrentMap(AxisIndex.init)
        return exceptions.concurrentMap { exception -> [ScenarioError.Issue] in
            guard index.contains(where: { $0.stacks.contains(exception.stack) }) else { return [] }
            return exception.problems(in: index).map {
                .init(file: exception.file, line: exception.line, message: "exception “\(exception.name)”: \($0)")
            }
        }
        .flatMap(\.self)
    }

    private func problems(in index: [AxisIndex]) -> [String] {
        var touched: [AxisIndex] = []
        for glob in cases {
            let matching = index.filter { glob.couldMatch(below: $0.scenario) && $0.ids.contains(where: glob.matches) }
            guard !matching.isEmpty else { return ["no case has an id that matches “\(glob.pattern)”"] }
            touched += matching
        }
        let unmet = conditions.sorted { $0.key < $1.key }.flatMap { axis, values in
            values.sorted().filter { value in !touched.contains { $0.values[axis]?.contains(value) ?? false } }
                .map { "none of its cases has the value “\($0)” on the axis “\(axis)”" }
        }
        guard unmet.isEmpty else { return unmet }
        return touched.contains { $0.cases.contains(where: applies) } ? [] : ["no case has its side and all its values"]
    }
}

/// The values that a scenario's cases have on each axis, gathered once for all exceptions.
private struct AxisIndex: Sendable {
    let scenario: String
    let cases: [ConformanceCase]
    /// The ids of the cases: dozens of patterns look through thousands of ids, which are cheaper to come by than cases.
    let ids: [String]
    private(set) var stacks: Set<Stack> = []
    private(set) var values: [String: Set<String>] = [:]

    init(_ scenario: Scenario) {
        self.scenario = scenario.id
        cases = scenario.cases
        ids = cases.map(\.id)
        let written = cases.first?.axes.map(\.axis) ?? []
        // The settings answer for these where the scenario has no such axis.
        let settled = KnownAxis.allCases.map(\.rawValue).filter { !written.contains($0) }
        for candidate in cases {
            stacks.formUnion([candidate.pairing.server, candidate.pairing.client])
            for axis in candidate.axes { values[axis.axis, default: []].insert(axis.value) }
            for axis in settled {
                if let value = candidate.value(on: axis) { values[axis, default: []].insert(value) }
            }
        }
    }
}

extension Catalogue {
    /// The faults of entries about stacks that cases are replayed by: one that speaks of no case at all is
    /// misspelt or out of date. Which cases are chosen makes no difference.
    package func issues(ofExceptionsFor pairings: [Pairing]) -> [ScenarioError.Issue] {
        let own = Pairing(server: .countersign, client: .countersign)
        let bases = cases.filter { $0.pairing == own }
        return profiles.flatMap(\.exceptions).compactMap { exception -> ScenarioError.Issue? in
            let concerned = pairings.filter { $0[exception.side] == exception.stack }
            let isJudgedAlready = Stack.inProcess.contains(exception.stack) || cases.contains(where: exception.applies)
            guard !concerned.isEmpty, !isJudgedAlready else { return nil }
            let isHeard = bases.contains { base in
                concerned.contains { exception.applies(to: base.replayed(by: $0)) }
            }
            if isHeard { return nil }
            return .init(
                file: exception.file,
                line: exception.line,
                message: "exception “\(exception.name)”: no case has its side, an id that it names, and all its values"
            )
        }
    }
}
