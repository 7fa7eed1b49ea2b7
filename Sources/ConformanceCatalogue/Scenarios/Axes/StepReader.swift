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

/// A timeline as a file writes it, before the axes of a case fill what it leaves to them.
struct StepPlan {
    enum Item {
        case step(Step)
        /// A rotation whose phase is the case's value on the axis `phase`.
        case rotateAtAxis(Rotation)
    }

    var items: [Item]
    /// Where the list stands.
    var line: Int

    /// The steps of a case, with the phase that its axis gives, if it has one.
    ///
    /// A step that leaves its phase to an axis which isn't there is reported, and so is an axis that fills nothing.
    func steps(phase: Phase?, log: IssueLog) -> [Step] {
        let steps = items.compactMap { item -> Step? in
            switch item {
            case .step(let step): return step
            case .rotateAtAxis(var rotation):
                guard let phase else {
                    log.report("a rotate is at the axis “phase”, and the scenario has no such axis", line: line)
                    return nil
                }
                rotation.at = phase
                return .rotate(rotation)
            }
        }
        if phase != nil, !items.contains(where: \.isAtAxis) {
            log.report("these steps have no rotate that is at the axis “phase”", line: line)
        }
        StepOrder(steps).problems.forEach { log.report($0, line: line) }
        return steps
    }
}

extension StepPlan.Item {
    var isAtAxis: Bool {
        switch self {
        case .step: false
        case .rotateAtAxis: true
        }
    }
}

/// Which orders of steps make sense.
struct StepOrder {
    /// The faults of the order, each once.
    private(set) var problems: [String] = []
    private var openConnections = 0
    private var hasConnected = false
    /// The phase of the last rotation during the connect that is being read; nil when there is no such connect.
    private var phase: Phase?

    init(_ steps: [Step]) {
        for step in steps {
            note(step)
        }
        if !hasConnected { report("steps must have a connect") }
    }

    private mutating func note(_ step: Step) {
        if !hasConnected { checkBeginning(step) }
        switch step {
        case .connect, .reconnect:
            hasConnected = true
            openConnections += 1
            phase = .beforeClientHello
        case .rotate(let rotation):
            guard let at = rotation.at else {
                phase = nil
                return
            }
            noteRotation(at: at)
        case .close:
            openConnections = max(0, openConnections - 1)
            phase = nil
        case .restart(let side):
            if openConnections > 0 {
                report("restart of the \(side.rawValue) needs all connections closed, which a process can't keep")
            }
            phase = nil
        case .exchange, .advanceClock:
            phase = nil
        }
    }

    private mutating func checkBeginning(_ step: Step) {
        switch step {
        case .connect, .advanceClock: break
        case .rotate(let rotation) where rotation.at == nil: break
        case .rotate, .reconnect, .exchange, .close, .restart:
            report("steps must begin with connect, after a clock or a rotate without a phase at most")
        }
    }

    private mutating func noteRotation(at next: Phase) {
        guard let current = phase else {
            report("a rotate with a phase must stand right behind the connect or reconnect that it happens in")
            return
        }
        let order = Phase.allCases
        if let first = order.firstIndex(of: current), let second = order.firstIndex(of: next), second < first {
            report("the rotates of a connect must stand in the order of their phases")
        }
        phase = next
    }

    private mutating func report(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}
