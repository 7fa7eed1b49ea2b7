package import ConformanceModel
internal import FoundationEssentials

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
