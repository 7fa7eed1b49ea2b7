internal import ConformanceModel

/// Which orders of steps make sense.
struct StepOrder {
    /// What is wrong with the order, each thing once.
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
