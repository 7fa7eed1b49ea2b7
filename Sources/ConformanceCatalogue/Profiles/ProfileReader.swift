package import ConformanceModel
internal import FoundationEssentials

extension Profile {
    /// Reads the profile of one stack from its text. `file` is the name in messages, and its last part without `.yaml`
    /// is the stack unless `stack` says another.
    package static func profile(yaml: String, file: String, anyStack: Bool = false) throws(ScenarioError) -> Profile {
        let log = IssueLog(file: file)
        var stack = file.split(separator: "/").last ?? ""
        if stack.hasSuffix(".yaml") { stack = stack.dropLast(".yaml".count) }
        let reader = ProfileReader(log: log, expectedStack: anyStack ? nil : String(stack))
        let profile = YAMLTree.parse(yaml, log: log).map(reader.profile)
        try log.throwIfAny()
        return profile ?? Profile(stack: Stack(rawValue: String(stack)))
    }
}

/// Reads scenarios/profiles/STACK.yaml.
struct ProfileReader {
    let log: IssueLog
    /// The stack that the file's name asks for; nil when any will do.
    let expectedStack: String?

    func profile(_ tree: YAMLTree) -> Profile {
        let root = BlockReader(tree, "the file", log: log)
        let stack = root.required("stack")
        if let expectedStack, !stack.isEmpty, stack != expectedStack {
            log.report(
                "the stack is “\(stack)”, and the file's name asks for “\(expectedStack)”",
                line: root.line(of: "stack")
            )
        }
        var profile = Profile(stack: Stack(rawValue: stack))
        profile.file = log.file
        profile.includes = (root.strings("includes") ?? []).map(Stack.init)
        profile.rules = (root.block("rules") ?? []).flatMap(rules)
        profile.alerts = (root.block("alerts") ?? []).flatMap(alerts)
        profile.readings = (root.block("reads-as") ?? []).flatMap(readings)
        profile.lateRefusals = (root.tree("refuses-with").map(items) ?? []).compactMap(lateRefusal)
        if let tree = root.tree("plaintext-alerts") {
            let block = BlockReader(tree, "plaintext-alerts", log: log)
            profile.sendsPlaintextAlerts = block.bool("sends") ?? false
            profile.ignoresPlaintextAlerts = !(block.bool("reads") ?? true)
            block.finish()
        }
        let exceptions = ExceptionReader(log: log)
        var names: Set<String> = []
        profile.exceptions = (root.list("exceptions") ?? []).map { item in
            let exception = exceptions.exception(item, stack: profile.stack)
            if !names.insert(exception.name).inserted {
                log.report("exception “\(exception.name)” stands twice", line: item.line)
            }
            return exception
        }
        root.finish()
        return profile
    }

    /// A value alone, or a list of values that each have a scope.
    private func items(_ tree: YAMLTree) -> [YAMLTree] {
        if case .sequence(let items) = tree.value { items } else { [tree] }
    }

    private func rules(_ entry: YAMLTree.Entry) -> [Profile.RuleEntry] {
        guard let rule = rule(entry.key, line: entry.line) else { return [] }
        return items(entry.value).compactMap { item in
            let block = BlockReader(item, "rule \(rule.rawValue)", log: log)
            let (answer, kind) = rule.counterfactual
            let stated: Answer? = block.word("answer")
            if stated == nil, block.tree("answer") == nil {
                log.report("\(block.name) lacks “answer”, which can be \(answer.rawValue)", line: block.line)
            } else if let stated, stated != answer {
                log.report(
                    "a stack that answers \(rule.rawValue) otherwise \(answer.rawValue); “\(stated.rawValue)” is no answer "
                        + "to it",
                    line: block.line(of: "answer")
                )
            }
            let named: DifferenceClass? = block.word("class")
            if let named, named != kind {
                log.report(
                    "a stack that answers \(rule.rawValue) otherwise has a \(kind.rawValue) there, which no profile can "
                        + "call \(named.rawValue)",
                    line: block.line(of: "class")
                )
            }
            let reason: DefectReason? = block.word("reason")
            let alert = block.tree("alert").flatMap(statedAlerts)
            let result = Profile.RuleEntry(
                rule: rule,
                scope: scope(block),
                answer: answer,
                conduct: Conduct.Answer(reason: reason, alert: alert),
                why: block.required("why"),
                source: block.required("source"),
                line: item.line
            )
            block.finish()
            return result
        }
    }

    private func alerts(_ entry: YAMLTree.Entry) -> [Profile.AlertEntry] {
        let subject: Profile.Subject
        if let reason = DefectReason(rawValue: entry.key) {
            subject = .defect(reason)
        } else if let rule = rule(entry.key, line: entry.line) {
            subject = .rule(rule)
        } else {
            return []
        }
        if case .sequence(let list) = entry.value.value, list.allSatisfy({ $0.text != nil }) {
            return statedAlerts(entry.value).map { [.init(subject: subject, alerts: $0, line: entry.line)] } ?? []
        }
        return items(entry.value).compactMap { item in
            guard case .mapping = item.value else {
                return statedAlerts(item).map { .init(subject: subject, alerts: $0, line: item.line) }
            }
            let block = BlockReader(item, "alerts of \(entry.key)", log: log)
            let alerts = block.tree("is").flatMap(statedAlerts)
            if alerts == nil { log.report("\(block.name) lacks “is”", line: block.line) }
            let result = Profile.AlertEntry(
                subject: subject,
                scope: scope(block),
                alerts: alerts ?? .init(nil),
                why: block.string("why") ?? "",
                line: item.line
            )
            _ = block.string("source")
            block.finish()
            return result
        }
    }

    private func readings(_ entry: YAMLTree.Entry) -> [Profile.ReadingEntry] {
        guard let reason = reason(entry.key, line: entry.line) else { return [] }
        return items(entry.value).compactMap { item in
            guard case .mapping = item.value else {
                return item.text.map { .init(reason: reason, scope: Profile.Scope(), word: $0) }
            }
            let block = BlockReader(item, "reads-as of \(entry.key)", log: log)
            let result = Profile.ReadingEntry(reason: reason, scope: scope(block), word: block.required("is"))
            block.finish()
            return result
        }
    }

    /// `{status: 400}`, with a side, a version of TLS, and the defects that it is about.
    private func lateRefusal(_ item: YAMLTree) -> Profile.LateRefusal? {
        let block = BlockReader(item, "refuses-with", log: log)
        let status = block.tree("status")?.text == "none" ? nil : block.int("status")
        let named = block.strings("for")?.compactMap { reason($0, line: block.line(of: "for")) }
        let result = Profile.LateRefusal(
            scope: scope(block),
            // A proof that fails and a name that nobody has end the handshake itself.
            reasons: named.map(Set.init)
                ?? Set(DefectReason.allCases).subtracting([.badSignature, .unrecognizedName, .protocol]),
            status: status
        )
        _ = block.string("why")
        _ = block.string("source")
        block.finish()
        return result
    }

    private func scope(_ block: BlockReader) -> Profile.Scope {
        Profile.Scope(
            side: block.word("side"),
            tls: block.word("tls"),
            versions: block.strings("versions") ?? []
        )
    }

    /// `none`, `any`, one name, or a list of names.
    private func statedAlerts(_ tree: YAMLTree) -> Conduct.StatedAlerts? {
        switch tree.text {
        case "none"?: return .init([])
        case "any"?: return .init(nil)
        case nil, _?: break
        }
        let alerts = items(tree).compactMap { item -> AlertDescription? in
            guard let name = item.text else {
                log.report("an alert must be a name", line: item.line)
                return nil
            }
            if let alert = AlertDescription(name: name) { return alert }
            log.reportUnknown("alert", name, known: Array(AlertDescription.names.values), line: item.line)
            return nil
        }
        return .init(Set(alerts))
    }

    private func rule(_ name: String, line: Int) -> Rule? {
        if let rule = Rule(rawValue: name) { return rule }
        log.reportUnknown("rule", name, known: Rule.allCases.map(\.rawValue), line: line)
        return nil
    }

    private func reason(_ name: String, line: Int) -> DefectReason? {
        if let reason = DefectReason(rawValue: name) { return reason }
        log.reportUnknown("defect", name, known: DefectReason.allCases.map(\.rawValue), line: line)
        return nil
    }
}

extension KnownHoles {
    /// Reads a list of holes from its text; `file` is the name in messages.
    package static func parse(yaml: String, file: String) throws(ScenarioError) -> KnownHoles {
        let log = IssueLog(file: file)
        var result = KnownHoles()
        if let tree = YAMLTree.parse(yaml, log: log) {
            let root = BlockReader(tree, "the file", log: log)
            result.holes = (root.list("holes") ?? []).map { hole($0, log) }
            root.finish()
        }
        try log.throwIfAny()
        return result
    }

    package static func load(_ path: String) throws(ScenarioError) -> KnownHoles {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ScenarioError([.init(file: path, message: "the list of known holes can't be read: \(error)")])
        }
        return try parse(yaml: text, file: path)
    }

    private static func hole(_ tree: YAMLTree, _ log: IssueLog) -> Hole {
        let block = BlockReader(tree, "a hole", log: log)
        let name = block.required("rule")
        if let rule = Rule(rawValue: name), rule.counterfactual.class != .hole {
            log.report(
                "\(name) answered otherwise is no hole, but \(rule.counterfactual.class.rawValue)",
                line: block.line(of: "rule")
            )
        }
        let hole = Hole(
            stack: Stack(rawValue: block.required("stack")),
            rule: name,
            versions: block.strings("versions") ?? [],
            reason: block.required("reason"),
            line: tree.line
        )
        block.finish()
        return hole
    }
}
