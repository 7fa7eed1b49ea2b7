/// Reads a timeline of steps.
struct StepReader {
    let book: RecipeBook
    let log: IssueLog

    func steps(_ tree: YAMLTree) -> [Step] {
        guard case .sequence(let items) = tree.value, !items.isEmpty else {
            log.report("steps must be a list of steps, not \(tree.kind)", line: tree.line)
            return []
        }
        let steps = items.compactMap(step)
        // What could not be read would only make the order look wrong.
        guard steps.count == items.count else { return steps }
        switch steps.first {
        case .connect: break
        case .rotate(let rotation) where rotation.at == nil && steps.contains(.connect): break
        default: log.report("steps must begin with connect, or with a rotate that has no phase", line: tree.line)
        }
        return steps
    }

    private func step(_ tree: YAMLTree) -> Step? {
        switch tree.text {
        case "connect": return .connect
        case "exchange": return .exchange
        case "close": return .close
        case let word?:
            log.reportUnknown("step", word, known: ["connect", "exchange", "close", "rotate"], line: tree.line)
            return nil
        case nil:
            let block = BlockReader(tree, "step", log: log)
            let rotation = block.tree("rotate").flatMap(rotation)
            block.finish()
            return rotation
        }
    }

    private func rotation(_ tree: YAMLTree) -> Step? {
        let block = BlockReader(tree, "rotate", log: log)
        let side = block.word("side", Side.self)
        let name = block.required("to")
        let phase = block.word("at", as: "phase", Phase.self)
        block.finish()
        if block.tree("side") == nil {
            log.report("rotate lacks “side”", line: tree.line)
        }
        if phase == .closed {
            log.report("rotate can't be at closed, which no connect reaches; leave “at” out", line: tree.line)
        }
        guard let side, !name.isEmpty else { return nil }
        guard let credential = book.checkedCredential(name, in: "rotate", line: block.line(of: "to"), log: log) else {
            log.report("rotate to none isn't possible: an identity is replaced, not removed", line: tree.line)
            return nil
        }
        return .rotate(Rotation(side: side, .identity(credential), at: phase))
    }
}
