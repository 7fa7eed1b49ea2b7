internal import Conformance
internal import Glibc

/// A client of one case that a program plays, started for each connection.
final class ProgramClient: RemoteClient {
    private let manifest: PeerManifest
    private let plan: ProgramPlan
    private let host: PeerHost
    private var settings: ClientSettings
    private let version: ProtocolVersion
    private let folder: MaterialFolder
    private let material: CaseMaterial
    private var run: ProgramRun?
    private var starts = 0

    init(
        _ manifest: PeerManifest,
        _ host: PeerHost,
        _ settings: ClientSettings,
        version: ProtocolVersion,
        _ folder: MaterialFolder,
        _ material: CaseMaterial
    ) throws(PeerFault) {
        guard let plan = manifest.client else { throw .unsupported("\(manifest.stack.rawValue) plays no client") }
        self.manifest = manifest
        self.plan = plan
        self.host = host
        self.settings = settings
        self.version = version
        self.folder = folder
        self.material = material
    }

    private var name: String { "\(manifest.stack.rawValue) (client)" }

    func configure() throws(PeerFault) -> SettingsRefused? { nil }

    func begin(_ address: NetworkAddress) throws(PeerFault) {
        starts += 1
        var values = TemplateValues(number: starts, values: [:])
        values.add(["port": "\(address.port)", "host": address.host, "work": folder.path, "number": "\(starts)"])
        if let identity = settings.identity {
            let files = try folder.identity(identity)
            values.add(["certificate": files.leaf, "chain": files.chain, "key": files.key, "bundle": files.bundle])
        }
        if let pool = settings.rootCAs { values.add(["rootCAs": try folder.pool(pool)]) }
        if let name = settings.serverName {
            let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
            values.add(["serverName": name, "url": "https://\(host):\(address.port)/"])
        }
        if let sni = settings.sniOverride { values.add(["sni": sni]) }
        if !settings.revocationLists.isEmpty {
            values.add(["crls": try folder.revocationLists(settings.revocationLists)])
        }
        try values.addWords(
            plan,
            [
                "tls": version.rawValue,
                "insecureSkipVerify": "\(settings.insecureSkipVerify)",
                "presents": settings.presents.rawValue,
            ],
            of: manifest.stack
        )
        run = try ProgramRun(
            plan,
            values,
            name: name,
            command: PeerCommand(manifest: manifest, buildFolder: host.buildFolder),
            group: try host.group(),
            folder: folder
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
        guard let status = run.process.waitForExit(until: Deadline(after: host.patience)) else {
            run.process.kill()
            throw .late("\(name) did not end within \(host.patience)")
        }
        if case .signaled = status {
            throw .crashed("\(name) ended with \(status)\(run.process.errorBytes.asComplaint)")
        }
        host.noteSuccess(of: manifest.stack, .client)
        return ToldObservation(plan.tells).observation(text: run.text(number: starts), status: status, material)
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
