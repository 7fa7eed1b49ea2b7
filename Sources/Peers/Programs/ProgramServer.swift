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
    /// Files that somebody else replaces while it runs.
    private let files: (identity: IdentityFiles, pool: String)?
    /// How much of each of its streams belongs to connections and rotations that are over.
    private var heard: [Int] = []

    /// - Parameter rotates: whether the case gives it another setting while it runs.
    init(
        _ program: ProgramSide,
        _ settings: ServerSettings,
        rotates: Bool,
        files: (identity: IdentityFiles, pool: String)? = nil
    ) {
        self.files = files
        self.program = program
        self.settings = settings
        rotation = rotates || settings.sessions != nil ? program.plan.rotation : nil
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
            if let problem = try wait(for: run, port: port) {
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
            heard = []
            if rotation != nil { heard = program.streams(of: run).map(\.count) }
            if case .command? = program.plan.ready { heard = program.streams(of: run).map(\.count) }
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
        return program.observation(in: newText(program.streams(of: run)), status: status)
    }

    /// The part of each stream that belongs to no connection or rotation that is over.
    private func newText(_ streams: [[UInt8]]) -> String {
        streams.enumerated().map { index, stream in
            String(decoding: stream.dropFirst(heard.indices.contains(index) ? heard[index] : 0), as: UTF8.self)
        }
        .joined()
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        let stack = program.manifest.stack.rawValue
        guard let rotation, let run else {
            throw .unsupported("the manifest of \(stack) says nothing of a rotation while it runs")
        }
        guard rotation.settings.contains(change.setting) else {
            throw .unsupported("the manifest of \(stack) has no rotation of \(change.setting.rawValue)")
        }
        if case .identity(let name) = change {
            try program.replaceIdentity(with: name)
        } else {
            guard let address else { throw .harness("\(stack) was to rotate before it listened") }
            var changed = settings
            change.apply(to: &changed)
            try program.rewriteFiles(at: address, values(of: changed))
        }
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

    /// Whether it has ended; takes in what it writes, so that it never waits for a reader.
    var hasEnded: Bool {
        run?.process.readAvailable()
        return run.map { $0.process.exitStatus != nil } ?? true
    }

    /// Whether it has said what comes of the last telling; true where the manifest knows no such words.
    var hasAnswered: Bool {
        guard let run, let rotation else { return true }
        let patterns = [rotation.settled, rotation.refused].compactMap(\.self)
        guard !patterns.isEmpty else { return true }
        let text = newText(program.streams(of: run))
        return patterns.contains { PatternMatch($0).matches(text) }
    }

    /// Tells it of new files, and doesn't wait for what comes of it.
    ///
    /// - Returns: the command that does so, which may still run.
    func tell() throws(PeerFault) -> ChildProcess? {
        if let run {
            run.process.readAvailable()
            heard = program.streams(of: run).map(\.count)
        }
        switch program.plan.rotation?.telling {
        case .signal(let name)?:
            run?.process.send(signal: Self.signals[name] ?? SIGHUP)
            return nil
        case .command(let words)?: return try program.begin(words)
        case .nothing?, nil: return nil
        }
    }

    func stop() throws(PeerFault) {
        run?.process.kill()
        run = nil
        address = nil
        lease = nil
    }

    private func start(_ address: NetworkAddress) throws(PeerFault) -> ProgramRun {
        try program.start(at: address, values(of: settings))
    }

    private func values(of settings: ServerSettings) -> ProgramSide.Settings {
        ProgramSide.Settings(
            identity: settings.identity,
            files: files,
            identitiesByName: settings.identitiesByName,
            pool: ("clientCAs", settings.clientCAs),
            revocationLists: settings.revocationLists,
            words: [
                "clientAuth": settings.clientAuth.rawValue,
                "revocation": settings.revocation.rawValue,
                "strictSNI": "\(settings.strictSNI)",
                "sendsCANames": "\(settings.acceptableCANames == .derived)",
                "sessions": settings.sessions == nil ? "off" : "on",
            ]
        )
    }

    /// Waits until it listens; what is wrong when it does not.
    private func wait(for run: ProgramRun, port: UInt16) throws(PeerFault) -> PeerFault? {
        let deadline = Deadline(after: program.host.patience)
        let line: PatternMatch? =
            if case .line(let pattern)? = program.plan.ready { PatternMatch(pattern) } else { nil }
        while true {
            run.process.readAvailable()
            if let fault = ended(run, "before it listened") { return fault }
            switch program.plan.ready {
            case .line:
                if line?.matches(program.text(of: run)) == true { return nil }
            case .command(let words):
                if Loopback.isOpen(port: port), try program.run(words) {
                    run.process.readAvailable()
                    return nil
                }
            case .port, nil:
                if Loopback.isOpen(port: port) { return nil }
            }
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
            let text = newText(streams)
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
