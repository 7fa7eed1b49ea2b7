internal import Conformance
internal import Glibc

/// A server of one case that a program plays, started for each connection.
final class ProgramServer: RemoteServer {
    private let manifest: PeerManifest
    private let plan: ProgramPlan
    private let host: PeerHost
    private let settings: ServerSettings
    private let version: ProtocolVersion
    private let folder: MaterialFolder
    private let material: CaseMaterial
    private var run: ProgramRun?
    private var starts = 0

    init(
        _ manifest: PeerManifest,
        _ host: PeerHost,
        _ settings: ServerSettings,
        version: ProtocolVersion,
        _ folder: MaterialFolder,
        _ material: CaseMaterial
    ) throws(PeerFault) {
        guard let plan = manifest.server else { throw .unsupported("\(manifest.stack.rawValue) plays no server") }
        self.manifest = manifest
        self.plan = plan
        self.host = host
        self.settings = settings
        self.version = version
        self.folder = folder
        self.material = material
    }

    private var name: String { "\(manifest.stack.rawValue) (server)" }

    var endsWithConnection: Bool { true }

    func listen() throws(PeerFault) -> RemoteStart {
        var last = PeerFault.harness("\(name) was not started")
        for _ in 0..<Self.attempts {
            let port: UInt16
            do throws(SystemFailure) { port = try Loopback.freePort() } catch { throw .harness("\(error)") }
            let run = try start(port: port)
            self.run = run
            if let problem = wait(for: run, port: port) {
                last = problem
                let text = run.text(number: starts)
                run.process.kill()
                // Between choosing the port and listening somebody else may have taken it.
                if let pattern = plan.portInUse, PatternMatch(pattern).matches(text) { continue }
                throw problem
            }
            return .listening(.loopback(port))
        }
        throw last
    }

    func observe() throws(PeerFault) -> SideObservation {
        guard let run else { throw .harness("a server was observed that never listened") }
        self.run = nil
        if case .signal(let name) = plan.ending { run.process.send(signal: Self.signals[name] ?? SIGTERM) }
        run.process.closeInput()
        guard let status = run.process.waitForExit(until: Deadline(after: host.patience)) else {
            run.process.kill()
            throw .late("\(name) did not end after its connection within \(host.patience)")
        }
        if case .signaled(let signal) = status, Self.crashes.contains(signal) {
            throw .crashed("\(name) ended with \(status)\(run.process.errorBytes.asComplaint)")
        }
        return ToldObservation(plan.tells).observation(text: run.text(number: starts), status: status, material)
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        throw .unsupported("the manifest of \(manifest.stack.rawValue) says nothing of a rotation while it runs")
    }

    func stop() throws(PeerFault) {
        run?.process.kill()
        run = nil
    }

    private func start(port: UInt16) throws(PeerFault) -> ProgramRun {
        starts += 1
        var values = TemplateValues(number: starts, values: [:])
        values.add(["port": "\(port)", "host": "127.0.0.1", "work": folder.path, "number": "\(starts)"])
        if let identity = settings.identity {
            let files = try folder.identity(identity)
            values.add(["certificate": files.leaf, "chain": files.chain, "key": files.key, "bundle": files.bundle])
        }
        if let pool = settings.clientCAs { values.add(["clientCAs": try folder.pool(pool)]) }
        if !settings.revocationLists.isEmpty {
            values.add(["crls": try folder.revocationLists(settings.revocationLists)])
        }
        try values.addWords(
            plan,
            ["clientAuth": settings.clientAuth.rawValue, "tls": version.rawValue],
            of: manifest.stack
        )
        return try ProgramRun(
            plan,
            values,
            name: name,
            command: PeerCommand(manifest: manifest, buildFolder: host.buildFolder),
            group: try host.group(),
            folder: folder
        )
    }

    /// Waits until it listens; what is wrong when it does not.
    private func wait(for run: ProgramRun, port: UInt16) -> PeerFault? {
        let deadline = Deadline(after: host.patience)
        let line: PatternMatch? =
            if case .line(let pattern)? = plan.ready { PatternMatch(pattern) } else { nil }
        while true {
            run.process.readAvailable()
            if let line {
                let text = run.text(number: starts)
                if line.matches(text) { return nil }
            } else if Loopback.isOpen(port: port) {
                return nil
            }
            if let status = run.process.exitStatus {
                run.process.readAvailable()
                let said = (run.process.outputBytes + run.process.errorBytes).asComplaint
                return .crashed("\(name) ended with \(status) before it listened\(said)")
            }
            guard !deadline.isOver else {
                let said = (run.process.outputBytes + run.process.errorBytes).asComplaint
                return .late("\(name) did not listen within \(host.patience)\(said)")
            }
            var waiting = Waiting()
            run.process.register(in: &waiting)
            // A log file or a port can't be waited for, so they are looked at again and again.
            let looksAgain = line == nil || !plan.logs.isEmpty
            waiting.wait(until: looksAgain ? deadline.limited(to: .milliseconds(2)) : deadline)
        }
    }

    private static let attempts = 4
    private static let signals = ["TERM": SIGTERM, "QUIT": SIGQUIT, "INT": SIGINT, "KILL": SIGKILL, "USR1": SIGUSR1]
    private static let crashes: Set<Int32> = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
}

extension TemplateValues {
    mutating func add(_ more: [String: String]) {
        for (name, value) in more { values[name] = [value] }
    }

    /// Puts the plan's own words for settings in place of their values.
    mutating func addWords(_ plan: ProgramPlan, _ settings: [String: String], of stack: Stack) throws(PeerFault) {
        for (setting, value) in settings {
            guard let words = plan.words[setting] else {
                values[setting] = [value]
                continue
            }
            guard let word = words[value] else {
                throw .harness(
                    "the manifest of \(stack.rawValue) has no word for \(setting) \(value), and does not say why"
                )
            }
            values[setting] = word
        }
    }
}
