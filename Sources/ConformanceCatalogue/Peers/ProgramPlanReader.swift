internal import ConformanceModel

/// Reads the `server` and `client` sections of a manifest.
struct ProgramPlanReader {
    let log: IssueLog

    func plan(_ tree: YAMLTree, _ side: Side) -> ProgramPlan {
        let block = BlockReader(tree, side.rawValue, log: log)
        defer { block.finish() }
        let launch = groups(block)
        if launch.isEmpty { log.report("\(side.rawValue) lacks “launch”", line: tree.line) }
        let plan = ProgramPlan(
            speaks: block.word("speaks", among: Conversation.ofManifests) ?? .greeting,
            files: files(block),
            names: block.string("names"),
            launch: launch,
            input: block.string("input"),
            holdsInput: block.bool("holds-input") ?? false,
            words: words(block),
            ready: readiness(block),
            portInUse: pattern(block, "port-in-use"),
            refusals: (block.list("refuses") ?? []).compactMap(refusal),
            ending: ending(block),
            logs: block.strings("logs") ?? [],
            tells: (block.list("tells") ?? []).compactMap { telling($0) },
            rotation: rotation(block)
        )
        if side == .server, plan.ready == nil {
            log.report("server lacks “ready”: port, a line or a command", line: tree.line)
        }
        if !plan.tells.contains(where: { $0.field == .accepted }) {
            log.report("\(side.rawValue) tells nothing of “accepted”", line: tree.line)
        }
        return plan
    }

    func files(_ block: BlockReader) -> [String: String] {
        var files: [String: String] = [:]
        for entry in block.block("files") ?? [] {
            if entry.key.contains("/") {
                log.report("“\(entry.key)” is no name of a file in the folder of the process", line: entry.line)
            }
            files[entry.key] = block.string(entry.value, "files")
        }
        return files
    }

    private func groups(_ block: BlockReader) -> [[String]] {
        (block.list("launch") ?? []).compactMap { item in
            switch item.value {
            case .scalar: block.string(item, "launch").map { [$0] }
            case .sequence(let items): items.compactMap { block.string($0, "launch") }
            case .mapping:
                nil
            }
        }
    }

    private func words(_ block: BlockReader) -> [String: [String: [String]]] {
        var words: [String: [String: [String]]] = [:]
        for setting in block.block("words") ?? [] {
            guard case .mapping(let values) = setting.value.value else {
                log.report("“\(setting.key)” in words must be a block from value to words", line: setting.line)
                continue
            }
            for value in values {
                if case .sequence(let items) = value.value.value {
                    words[setting.key, default: [:]][value.key] = items.compactMap { block.string($0, "words") }
                } else if let text = block.string(value.value, "words") {
                    words[setting.key, default: [:]][value.key] = [text]
                }
            }
        }
        return words
    }

    private func readiness(_ block: BlockReader) -> ProgramPlan.Readiness? {
        guard let tree = block.tree("ready") else { return nil }
        if tree.text == "port" { return .port }
        let ready = BlockReader(tree, "ready", log: log)
        defer { ready.finish() }
        if let command = ready.strings("command") { return .command(command) }
        return pattern(ready, "line").map(ProgramPlan.Readiness.line)
    }

    private func ending(_ block: BlockReader) -> ProgramPlan.Ending {
        guard let tree = block.tree("ends") else { return .itself }
        if tree.text == "itself" { return .itself }
        let ends = BlockReader(tree, "ends", log: log)
        defer { ends.finish() }
        let signals: [Signal] = Signal.allCases
        return .signal((ends.word("signal", among: signals) ?? .term).rawValue)
    }

    private func rotation(_ block: BlockReader) -> ProgramRotation? {
        guard let tree = block.tree("rotation") else { return nil }
        let rotation = BlockReader(tree, "rotation", log: log)
        defer { rotation.finish() }
        var telling = ProgramRotation.Telling.nothing
        if let told = rotation.tree("told") {
            let told = BlockReader(told, "told", log: log)
            defer { told.finish() }
            let signals: [Signal] = Signal.allCases
            if let signal = told.word("signal", among: signals) { telling = .signal(signal.rawValue) }
            if let command = told.strings("command") { telling = .command(command) }
        }
        let settled = pattern(rotation, "settled")
        if settled == nil {
            guard case .command = telling else {
                log.report(
                    "rotation lacks “settled”, which only a command under “told” can do without",
                    line: tree.line
                )
                return nil
            }
        }
        guard let over = pattern(rotation, "connection-over") else {
            log.report("rotation lacks “connection-over”", line: tree.line)
            return nil
        }
        return ProgramRotation(
            telling: telling,
            settled: settled,
            refused: pattern(rotation, "refused"),
            connectionOver: over,
            settings: changes(rotation)
        )
    }

    private func changes(_ rotation: BlockReader) -> Set<SettingChange.Setting> {
        guard let items = rotation.list("changes") else { return [.identity] }
        let settings: [SettingChange.Setting] = SettingChange.Setting.allCases
        return Set(items.compactMap { rotation.word($0, "changes", among: settings) })
    }

    private enum Signal: String, CaseIterable {
        case hup = "HUP"
        case usr2 = "USR2"
        case term = "TERM"
        case quit = "QUIT"
        case int = "INT"
        case kill = "KILL"
        case usr1 = "USR1"
    }

    private func refusal(_ tree: YAMLTree) -> ProgramPlan.Refusal? {
        let block = BlockReader(tree, "refuses", log: log)
        defer { block.finish() }
        guard let reason = block.string("reason"), let pattern = pattern(block, "pattern") else {
            log.report("refuses needs a reason and a pattern", line: tree.line)
            return nil
        }
        return ProgramPlan.Refusal(reason: reason, pattern: pattern)
    }

    private func telling(_ tree: YAMLTree) -> Telling? {
        let block = BlockReader(tree, "tells", log: log)
        defer { block.finish() }
        guard let field: Telling.Field = block.word("field") else {
            if block.tree("field") == nil { log.report("tells lacks “field”", line: tree.line) }
            return nil
        }
        let value = block.string("value")
        let pattern = block.string("pattern")
        if let pattern {
            PatternCheck(log: log).check(pattern, groups: value == nil ? 1 : 0, line: block.line(of: "pattern"))
        }
        let codes = (block.strings("exit") ?? []).compactMap { text in
            let code = Int32(text)
            if code == nil { log.report("“\(text)” is no exit code", line: block.line(of: "exit")) }
            return code
        }
        if pattern == nil, codes.isEmpty {
            log.report("tells “\(field.rawValue)” needs a pattern or exit codes", line: tree.line)
        }
        return Telling(field: field, pattern: pattern, exitCodes: codes, value: value)
    }

    private func pattern(_ block: BlockReader, _ key: String) -> String? {
        guard let text = block.string(key) else { return nil }
        PatternCheck(log: log).check(text, groups: 0, line: block.line(of: key))
        return text
    }
}
