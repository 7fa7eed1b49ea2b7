internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc

/// A server of one case that a program plays: started for each connection, or, where it takes another identity in
/// between, once for all of them.
final class ProgramServer: RemoteServer {
    private let program: ProgramSide
    private var settings: ServerSettings
    /// How it takes another identity, in a case that has it take one.
    private let rotation: ProgramRotation?
    private var run: ProgramRun?
    private var address: NetworkAddress?
    private var lease: PortLease?
    /// How much of each of its streams belongs to connections and rotations that are over.
    private var heard: [Int] = []

    /// - Parameter rotates: whether the case gives it another identity while it runs.
    init(_ program: ProgramSide, _ settings: ServerSettings, rotates: Bool) {
        self.program = program
        self.settings = settings
        rotation = rotates ? program.plan.rotation : nil
    }

    var endsWithConnection: Bool { rotation == nil }

    func listen() throws(PeerFault) -> RemoteStart {
        if let address, run != nil { return .listening(address) }
        var last = PeerFault.harness("\(program.name) was not started")
        for _ in 0..<Self.attempts {
            let lease: PortLease
            do throws(SystemFailure) { lease = try PortLease() } catch { throw .harness("\(error)") }
            let port = lease.number
            let run = try start(.loopback(port))
            self.run = run
            if let problem = wait(for: run, port: port) {
                last = problem
                let text = program.text(of: run)
                let endedByItself = run.process.exitStatus != nil
                run.process.kill()
                // Between choosing the port and listening somebody else may have taken it.
                if let pattern = program.plan.portInUse, PatternMatch(pattern).matches(text) { continue }
                if endedByItself, let refusal = refusal(text) { return .refused(refusal) }
                throw problem
            }
            self.lease = lease
            address = .loopback(port)
            heard = rotation == nil ? [] : program.streams(of: run).map(\.count)
            return .listening(.loopback(port))
        }
        throw last
    }

    func observe() throws(PeerFault) -> SideObservation {
        guard let run else { throw .harness("a server was observed that never listened") }
        if let rotation {
            let (text, _) = try hear([rotation.connectionOver], from: run, "told of no end of its connection")
            program.host.noteSuccess(of: program.manifest.stack, .server)
            return program.observation(in: text, status: .exited(0))
        }
        self.run = nil
        if case .signal(let name) = program.plan.ending { run.process.send(signal: Self.signals[name] ?? SIGTERM) }
        run.process.closeInput()
        let patience = program.host.patience
        guard let status = run.process.waitForExit(until: Deadline(after: patience)) else {
            run.process.kill()
            throw .late("\(program.name) did not end after its connection within \(patience)")
        }
        if case .signaled(let signal) = status, Self.crashes.contains(signal) {
            throw .crashed("\(program.name) ended with \(status)\(run.process.errorBytes.asComplaint)")
        }
        program.host.noteSuccess(of: program.manifest.stack, .server)
        return program.observation(in: program.text(of: run), status: status)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let stack = program.manifest.stack.rawValue
        guard let rotation, let run else {
            throw .unsupported("the manifest of \(stack) says nothing of a rotation while it runs")
        }
        guard case .identity(let name) = change else {
            throw .unsupported("\(stack) rotates identities alone, and not \(change.setting.rawValue)")
        }
        try program.replaceIdentity(with: name)
        switch rotation.telling {
        case .nothing: break
        case .signal(let name): run.process.send(signal: Self.signals[name] ?? SIGHUP)
        case .command(let words):
            let isTaken = try program.run(words)
            if rotation.settled == nil || !isTaken {
                if isTaken { change.apply(to: &settings) }
                return isTaken ? .done : .refused
            }
        }
        let patterns = [rotation.settled, rotation.refused].compactMap(\.self)
        let (_, matched) = try hear(patterns, from: run, "said nothing of its new files")
        guard matched == rotation.settled else { return .refused }
        change.apply(to: &settings)
        return .done
    }

    func stop() throws(PeerFault) {
        run?.process.kill()
        run = nil
        address = nil
        lease = nil
    }

    private func start(_ address: NetworkAddress) throws(PeerFault) -> ProgramRun {
        try program.start(
            at: address,
            ProgramSide.Settings(
                identity: settings.identity,
                pool: ("clientCAs", settings.clientCAs),
                revocationLists: settings.revocationLists,
                words: ["clientAuth": settings.clientAuth.rawValue]
            )
        )
    }

    /// Waits until it listens; what is wrong when it does not.
    private func wait(for run: ProgramRun, port: UInt16) -> PeerFault? {
        let deadline = Deadline(after: program.host.patience)
        let line: PatternMatch? =
            if case .line(let pattern)? = program.plan.ready { PatternMatch(pattern) } else { nil }
        while true {
            run.process.readAvailable()
            if let line {
                if line.matches(program.text(of: run)) { return nil }
            } else if Loopback.isOpen(port: port) {
                return nil
            }
            if let fault = ended(run, "before it listened") { return fault }
            guard !deadline.isOver else {
                return .late("\(program.name) did not listen within \(program.host.patience)\(complaint(of: run))")
            }
            // A port can't be waited for, so it is looked at again and again.
            wait(for: run, until: deadline, looksAgain: line == nil)
        }
    }

    /// The words with which a program that ended by itself refused its settings.
    private func refusal(_ text: String) -> SettingsRefused? {
        for refusal in program.plan.refusals {
            guard let words = PatternMatch(refusal.pattern).firstMatch(in: text) else { continue }
            program.host.noteSuccess(of: program.manifest.stack, .server)
            self.run = nil
            return SettingsRefused(reason: ReasonClass(rawValue: refusal.reason), detail: words)
        }
        return nil
    }

    /// The output up to the first of the patterns that came since the last time, and that pattern.
    private func hear(
        _ patterns: [String],
        from run: ProgramRun,
        _ otherwise: String
    ) throws(PeerFault) -> (text: String, pattern: String) {
        let deadline = Deadline(after: program.host.patience)
        while true {
            run.process.readAvailable()
            let streams = program.streams(of: run)
            let text = zip(streams, heard).map { String(decoding: $0.dropFirst($1), as: UTF8.self) }.joined()
            if let pattern = patterns.first(where: { PatternMatch($0).matches(text) }) {
                heard = streams.map(\.count)
                return (text, pattern)
            }
            if let fault = ended(run, "in the middle of a case") { throw fault }
            guard !deadline.isOver else {
                throw .late("\(program.name) \(otherwise) within \(program.host.patience)\(complaint(of: run))")
            }
            wait(for: run, until: deadline, looksAgain: false)
        }
    }

    private func wait(for run: ProgramRun, until deadline: Deadline, looksAgain: Bool) {
        var waiting = Waiting()
        run.process.register(in: &waiting)
        // A log file can't be waited for either.
        let polls = looksAgain || !program.plan.logs.isEmpty
        waiting.wait(until: polls ? deadline.limited(to: .milliseconds(2)) : deadline)
    }

    private func ended(_ run: ProgramRun, _ moment: String) -> PeerFault? {
        guard let status = run.process.exitStatus else { return nil }
        run.process.readAvailable()
        return .crashed("\(program.name) ended with \(status) \(moment)\(complaint(of: run))")
    }

    private func complaint(of run: ProgramRun) -> String {
        (run.process.outputBytes + run.process.errorBytes).asComplaint
    }

    private static let attempts = 4
    private static let signals = [
        "TERM": SIGTERM, "QUIT": SIGQUIT, "INT": SIGINT, "KILL": SIGKILL, "USR1": SIGUSR1, "USR2": SIGUSR2,
        "HUP": SIGHUP,
    ]
    private static let crashes: Set<Int32> = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
}
