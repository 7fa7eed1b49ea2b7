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

    func configure() throws(PeerFault) -> SettingsRefused? { nil }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        var values: [String: String] = [:]
        if let name = settings.serverName {
            let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
            values = ["serverName": name, "url": "https://\(host):\(address.port)/"]
        }
        if let name = settings.serverHostName { values["serverHostName"] = name }
        if let address = settings.serverAddress { values["serverAddress"] = address }
        if let sni = settings.sniOverride { values["sni"] = sni }
        run = try program.start(
            at: address,
            ProgramSide.Settings(
                identity: settings.identity,
                pool: ("rootCAs", settings.rootCAs),
                revocationLists: settings.revocationLists,
                values: values,
                words: [
                    "insecureSkipVerify": "\(settings.insecureSkipVerify)", "presents": settings.presents.rawValue,
                ]
            )
        )
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
