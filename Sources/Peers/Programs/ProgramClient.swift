internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc

/// A client of one case that a program plays, started for each connection.
final class ProgramClient: RemoteClient {
    private let program: ProgramSide
    private var settings: ClientSettings
    private var run: ProgramRun?

    init(_ program: ProgramSide, _ settings: ClientSettings) {
        self.program = program
        self.settings = settings
    }

    var outlivesConnections: Bool { false }

    func configure() throws(PeerFault) -> SettingsRefused? { nil }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        run = try program.start(at: address, ProgramSide.Settings(settings, port: address.port))
    }

    func hasEnded() throws(PeerFault) -> Bool {
        guard let run else { return true }
        run.process.readAvailable()
        return run.process.exitStatus != nil
    }

    func register(in waiting: inout Waiting) { run?.process.register(in: &waiting) }

    func observe() throws(PeerFault) -> SideObservation {
        guard let run else { throw .harness("a client was observed that never began") }
        self.run = nil
        let patience = program.host.patience
        guard let status = run.process.waitForExit(until: Deadline(after: patience)) else {
            run.process.kill()
            throw .late("\(program.name) did not end within \(patience)")
        }
        if case .signaled = status {
            throw .crashed("\(program.name) ended with \(status)\(run.process.errorBytes.asComplaint)")
        }
        program.host.noteSuccess(of: program.manifest.stack, .client)
        return program.observation(in: program.text(of: run), status: status)
    }

    /// The next start of the program takes the new files.
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        change.apply(to: &settings)
        return .done
    }

    func stop() throws(PeerFault) {
        run?.process.kill()
        run = nil
    }
}

extension ProgramSide.Settings {
    /// The values that a client is given to reach a server on a port.
    init(_ settings: ClientSettings, port: UInt16) {
        var values: [String: String] = [:]
        if let name = settings.serverName {
            let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
            values = ["serverName": name, "url": "https://\(host):\(port)/"]
        }
        if let name = settings.serverHostName { values["serverHostName"] = name }
        if let address = settings.serverAddress { values["serverAddress"] = address }
        if let sni = settings.sniOverride { values["sni"] = sni }
        if let identity = settings.identity { values["identity"] = identity }
        self.init(
            identity: settings.identity,
            pool: ("rootCAs", settings.rootCAs),
            revocationLists: settings.revocationLists,
            values: values,
            words: [
                "insecureSkipVerify": "\(settings.insecureSkipVerify)",
                "presents": settings.presents.rawValue,
                "revocation": settings.revocation.rawValue,
            ]
        )
    }
}

/// A client that was started once, takes a line for each connection, and answers each with a line.
///
/// Sessions and verdicts that it keeps from one connection to the next take part in its behaviour.
final class LineClient: RemoteClient {
    private let program: ProgramSide
    private let words: [String]
    private var settings: ClientSettings
    private var process: ChildProcess?
    private var answer: String?

    /// - Parameter words: how the program is started.
    init(_ program: ProgramSide, _ settings: ClientSettings, startedBy words: [String]) {
        self.program = program
        self.settings = settings
        self.words = words
    }

    var outlivesConnections: Bool { true }

    func configure() throws(PeerFault) -> SettingsRefused? { nil }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        answer = nil
        let line = try program.words(for: address, ProgramSide.Settings(settings, port: address.port))
        let process = try program.host.takeProgram(program.manifest, words)
        // A line that is left from an answer before would be taken for that of this connection.
        process.readAvailable()
        while process.takeLine() != nil {}
        let isWritten = process.write(
            Array("\(line.joined(separator: "\t"))\n".utf8),
            until: Deadline(after: program.host.patience)
        )
        guard isWritten else {
            throw .crashed("\(program.name) reads no lines on its standard input\(process.errorBytes.asComplaint)")
        }
        self.process = process
    }

    func hasEnded() throws(PeerFault) -> Bool {
        guard let process else { return true }
        process.readAvailable()
        if answer == nil, let line = process.takeLine() { answer = String(decoding: line, as: UTF8.self) }
        return answer != nil || process.exitStatus != nil
    }

    func register(in waiting: inout Waiting) { process?.register(in: &waiting) }

    func observe() throws(PeerFault) -> SideObservation {
        guard let process else { throw .harness("a client was observed that never began") }
        self.process = nil
        guard let answer else {
            let end = process.exitStatus.map { "ended with \($0)" } ?? "still runs"
            throw .crashed("\(program.name) \(end) without an answer to its line\(process.errorBytes.asComplaint)")
        }
        program.host.giveBack(process, of: program.manifest.stack)
        program.host.noteSuccess(of: program.manifest.stack, .client)
        let first = answer.split(separator: " ").first.map { $0.lowercased() } ?? ""
        return program.observation(in: answer, status: .exited(["ok", "0"].contains(first) ? 0 : 1))
    }

    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation {
        change.apply(to: &settings)
        return .done
    }

    /// The next connection is that of a program that was started anew.
    func stop() throws(PeerFault) {
        process?.kill()
        process = nil
        program.host.endProgram(of: program.manifest.stack)
    }
}
