internal import ConformanceModel

/// Reads a timeline of steps.
struct StepReader {
    let book: RecipeBook
    let log: IssueLog

    /// The steps as they are written; nil when one of them could not be read.
    func plan(_ tree: YAMLTree) -> StepPlan? {
        guard case .sequence(let items) = tree.value, !items.isEmpty else {
            log.report("steps must be a list of steps, not \(tree.kind)", line: tree.line)
            return nil
        }
        let steps = items.compactMap(step)
        // What could not be read would only make the order look wrong.
        guard steps.count == items.count else { return nil }
        return StepPlan(items: steps, line: tree.line)
    }

    private func step(_ tree: YAMLTree) -> StepPlan.Item? {
        switch tree.text {
        case "connect": return .step(.connect)
        case "exchange": return .step(.exchange)
        case "close": return .step(.close)
        case let word?:
            log.reportUnknown("step", word, known: Self.words + Self.blocks, line: tree.line)
            return nil
        case nil:
            return block(tree)
        }
    }

    /// A step of one key with a block.
    private func block(_ tree: YAMLTree) -> StepPlan.Item? {
        guard case .mapping(let entries) = tree.value, entries.count == 1, let entry = entries.first else {
            log.report("a step must be a word, or one key with a block, not \(tree.kind)", line: tree.line)
            return nil
        }
        switch entry.key {
        case "rotate": return RotationReader(book: book, log: log).rotation(entry.value)
        case "reconnect": return reconnect(entry.value)
        case "restart": return restart(entry.value)
        case "clock": return clock(entry.value)
        default:
            log.reportUnknown("step", entry.key, known: Self.words + Self.blocks, line: entry.line)
            return nil
        }
    }

    private func reconnect(_ tree: YAMLTree) -> StepPlan.Item? {
        let block = BlockReader(tree, "reconnect", log: log)
        let resume = block.bool("resume")
        block.finish()
        if block.tree("resume") == nil { log.report("reconnect lacks “resume”", line: tree.line) }
        return resume.map { .step(.reconnect(resume: $0)) }
    }

    private func restart(_ tree: YAMLTree) -> StepPlan.Item? {
        let block = BlockReader(tree, "restart", log: log)
        let side = block.word("side", Side.self)
        block.finish()
        if block.tree("side") == nil { log.report("restart lacks “side”", line: tree.line) }
        return side.map { .step(.restart($0)) }
    }

    private func clock(_ tree: YAMLTree) -> StepPlan.Item? {
        let block = BlockReader(tree, "clock", log: log)
        let text = block.required("advance")
        block.finish()
        guard !text.isEmpty else { return nil }
        guard let seconds = RelativeTime.seconds(text), seconds > 0 else {
            log.report(
                "the clock advances by “\(text)”; a duration is positive, for example 25h",
                line: block.line(of: "advance")
            )
            return nil
        }
        return .step(.advanceClock(seconds: seconds))
    }

    private static let words = ["connect", "exchange", "close"]
    private static let blocks = ["rotate", "reconnect", "restart", "clock"]
}
