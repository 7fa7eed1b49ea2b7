internal import ConformanceModel

/// Reads the `axes` section.
struct AxisReader {
    let book: RecipeBook
    let log: IssueLog
    /// The stacks that play as programs of their own, and may stand in a pairing that names them.
    var programs: [Stack] = []

    /// The axes in file order, with the pairing last.
    func axes(_ root: BlockReader) -> [Axis] {
        guard let tree = root.tree("axes"), case .mapping(let entries) = tree.value else {
            log.report("axes must be a block with one key for each axis", line: root.line(of: "axes"))
            return []
        }
        var axes = entries.map(axis)
        for required in [KnownAxis.tls, .pairing] where !axes.contains(where: { $0.name == required.rawValue }) {
            log.report("axes lacks “\(required.rawValue)”, which every case needs", line: tree.line)
        }
        if let position = axes.firstIndex(where: { $0.name == KnownAxis.pairing.rawValue }) {
            axes.append(axes.remove(at: position))
        }
        return axes
    }

    private func axis(_ entry: YAMLTree.Entry) -> Axis {
        let known = KnownAxis(rawValue: entry.key)
        var axis = Axis(name: entry.key, line: entry.line, values: [])
        if known == nil, case .sequence(let values) = entry.value.value, values.contains(where: { $0.text != nil }) {
            // Only an axis with a meaning of its own has values without changes.
            let names = KnownAxis.allCases.map(\.rawValue)
            log.reportUnknown("axis", entry.key, known: names, line: entry.line)
            return axis
        }
        let items = items(entry, known)
        for item in items {
            let text = item.value
            if axis.index(of: text) != nil {
                log.report("axis “\(entry.key)” has the value “\(text)” twice", line: item.line)
                continue
            }
            guard var choice = choice(item, axis: entry.key, known) else { continue }
            if let patch = item.patch {
                choice.change.append(change(patch, axis: entry.key, value: text))
            }
            checkIDComponent(choice, axis: entry.key, line: item.line)
            axis.values.append(choice)
        }
        if items.isEmpty, entry.value.text == nil || entry.value.isNull {
            log.report("axis “\(entry.key)” has no values", line: entry.line)
        }
        return axis
    }

    /// A value with the line where it stands and the changes written next to it.
    private struct Item {
        var value: String
        var line: Int
        var patch: YAMLTree?
    }

    private func items(_ entry: YAMLTree.Entry, _ known: KnownAxis?) -> [Item] {
        switch entry.value.value {
        case .scalar("all", _) where known != nil:
            if let all = known.flatMap(Self.all) {
                return all.map { Item(value: $0, line: entry.value.line) }
            }
            log.report("axis “\(entry.key)” can't be “all”: list its values", line: entry.line)
            return []
        case .scalar:
            if !entry.value.isNull {
                log.report("axis “\(entry.key)” must be a list or a block of values", line: entry.line)
            }
            return []
        case .mapping(let values):
            return values.map { Item(value: $0.key, line: $0.line, patch: $0.value) }
        case .sequence(let values):
            return values.flatMap { value -> [Item] in
                switch value.value {
                case .scalar("all", _) where known == .pairing:
                    return Self.localPairings.map { Item(value: $0.description, line: value.line) }
                case .scalar(let text, _): return [Item(value: text, line: value.line)]
                case .mapping(let pairs) where pairs.count == 1:
                    return [Item(value: pairs[0].key, line: pairs[0].line, patch: pairs[0].value)]
                case .mapping, .sequence:
                    log.report(
                        "a value of axis “\(entry.key)” must be a name, or a name with changes",
                        line: value.line
                    )
                    return []
                }
            }
        }
    }

    private func choice(_ item: Item, axis: String, _ known: KnownAxis?) -> AxisChoice? {
        let text = item.value
        var choice = AxisChoice(value: text, idComponent: text, change: CaseChange())
        func unknown(_ values: [String]) -> AxisChoice? {
            log.reportUnknown("value", text, in: "axis “\(axis)”", known: values, line: item.line)
            return nil
        }
        switch known {
        case .clientAuth:
            guard let mode = ClientAuthMode(rawValue: text) else {
                log.reportUnknown("mode", text, known: ClientAuthMode.allCases.map(\.rawValue), line: item.line)
                return nil
            }
            choice.idComponent = mode.idComponent
            choice.change.server.append { $0.clientAuth = mode }
        case .credential:
            let name = book.checkedCredential(text, in: "axis “\(axis)”", line: item.line, log: log)
            choice.change.client.append { $0.identity = name }
        case .tls:
            guard let version = ProtocolVersion(rawValue: text) else {
                return unknown(ProtocolVersion.allCases.map(\.rawValue))
            }
            choice.idComponent = version.idComponent
            choice.change.version = version
        case .insecureSkipVerify:
            guard let insecure = Bool(text) else { return unknown(["true", "false"]) }
            choice.idComponent = insecure ? "insecure" : "verified"
            choice.change.client.append { $0.insecureSkipVerify = insecure }
        case .presents:
            guard let presents = Presentation(rawValue: text) else {
                return unknown([Presentation.always.rawValue, Presentation.matching.rawValue])
            }
            choice.change.client.append { $0.presents = presents }
        case .phase:
            guard let phase = Self.phases.first(where: { $0.rawValue == text }) else {
                return unknown(Self.phases.map(\.rawValue))
            }
            choice.change.phase = phase
        case .pairing:
            guard let pairing = pairings.first(where: { $0.description == text }) else {
                return unknown(pairings.map(\.description))
            }
            choice.pairing = pairing
        case nil:
            break
        }
        return choice
    }

    private func change(_ tree: YAMLTree, axis: String, value: String) -> CaseChange {
        let block = BlockReader(tree, "value “\(value)” of axis “\(axis)”", log: log)
        var change = SettingsReader(book: book, log: log).change(in: block)
        if let tree = block.tree("expect") {
            change.expectation = ExpectationReader(log: log).outcome(tree)
        }
        block.finish()
        return change
    }

    private func checkIDComponent(_ choice: AxisChoice, axis: String, line: Int) {
        guard axis != KnownAxis.pairing.rawValue else { return }
        let isPlain = choice.idComponent.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        if !isPlain || choice.idComponent.isEmpty {
            log.report(
                "value “\(choice.value)” of axis “\(axis)” stands in case ids, so it is made of letters, digits, - _ and .",
                line: line
            )
        }
    }

    private var pairings: [Pairing] {
        programs.isEmpty ? Self.localPairings : Self.pairings(of: Stack.inProcess + programs)
    }

    private static let localPairings = pairings(of: Stack.inProcess)

    private static func pairings(of stacks: [Stack]) -> [Pairing] {
        stacks.flatMap { server in stacks.map { Pairing(server: server, client: $0) } }
    }

    /// Phases that a `connect` step can reach.
    private static let phases = Phase.allCases.filter { $0 != .closed }

    private static func all(_ axis: KnownAxis) -> [String]? {
        switch axis {
        case .clientAuth: ClientAuthMode.allCases.map(\.rawValue)
        case .tls: ProtocolVersion.allCases.map(\.rawValue)
        case .insecureSkipVerify: ["false", "true"]
        case .presents: [Presentation.always.rawValue, Presentation.matching.rawValue]
        case .phase: phases.map(\.rawValue)
        case .pairing: localPairings.map(\.description)
        case .credential: nil
        }
    }
}
