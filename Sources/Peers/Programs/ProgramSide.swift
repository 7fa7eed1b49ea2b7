internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc

/// The part that the programs of both sides share: the plan, the folder of their files, and their starts.
final class ProgramSide {
    let manifest: PeerManifest
    let plan: ProgramPlan
    let host: PeerHost
    let side: Side
    private let version: ProtocolVersion
    private let folder: MaterialFolder
    private let material: CaseMaterial
    private var starts = 0
    /// The files that the last start was given, which a rotation writes anew.
    private var identityFiles: IdentityFiles?
    private var values = TemplateValues(number: 0, values: [:])

    init(
        _ manifest: PeerManifest,
        _ side: Side,
        _ host: PeerHost,
        version: ProtocolVersion,
        _ folder: MaterialFolder,
        _ material: CaseMaterial
    ) throws(PeerFault) {
        guard let plan = side == .server ? manifest.server : manifest.client else {
            throw .unsupported("\(manifest.stack.rawValue) plays no \(side.rawValue)")
        }
        self.manifest = manifest
        self.plan = plan
        self.host = host
        self.side = side
        self.version = version
        self.folder = folder
        self.material = material
    }

    /// The stack and its role, as messages begin.
    var name: String { "\(manifest.stack.rawValue) (\(side.rawValue))" }

    /// The settings of its side that a program is given.
    struct Settings {
        var identity: String?
        /// Files that are there already, in the place of the identity's and the pool's.
        var files: (identity: IdentityFiles, pool: String)?
        /// Further identities by the name that chooses them.
        var identitiesByName: [String: String] = [:]
        /// The placeholder of the pool, and what is in it.
        var pool: (placeholder: String, names: [String]?)
        var revocationLists: [String]
        /// Further placeholders.
        var values: [String: String] = [:]
        /// Settings that have words of the plan.
        var words: [String: String]
    }

    func start(at address: NetworkAddress, _ settings: Settings) throws(PeerFault) -> ProgramRun {
        starts += 1
        try prepare(for: address, settings)
        return try ProgramRun(
            plan,
            values,
            name: name,
            command: PeerCommand(manifest: manifest, buildFolder: host.buildFolder),
            group: try host.group(),
            folder: folder
        )
    }

    /// The words of the plan for a connection, without a start.
    func words(for address: NetworkAddress, _ settings: Settings) throws(PeerFault) -> [String] {
        starts += 1
        try prepare(for: address, settings)
        return plan.launch.flatMap(values.arguments)
    }

    /// Writes the configuration of the last start anew, for other settings, each file in one step.
    func rewriteFiles(at address: NetworkAddress, _ settings: Settings) throws(PeerFault) {
        let old = identityFiles
        let oldValues = values.values
        try prepare(for: address, settings)
        // Files keep the paths that the program knows: an identity stays as it is, and lists of others change their content.
        if let old {
            identityFiles = old
            values.add(["certificate": old.leaf, "chain": old.chain, "key": old.key, "bundle": old.bundle])
        }
        for name in ["clientCAs", "crls"] {
            guard let path = oldValues[name]?.first, let new = values.values[name]?.first else { continue }
            try folder.move(new, over: path)
            values.add([name: path])
        }
        let command = PeerCommand(manifest: manifest, buildFolder: host.buildFolder)
        for (file, template) in plan.files {
            let text = command.expanded([values.lines(template)]).joined()
            try folder.rewrite("\(starts)-\(file)", text)
        }
    }

    private func prepare(for address: NetworkAddress, _ settings: Settings) throws(PeerFault) {
        values = TemplateValues(number: starts, values: [:])
        values.add([
            "port": "\(address.port)", "host": address.host, "work": folder.path, "number": "\(starts)",
        ])
        identityFiles = nil
        if let identity = settings.identity {
            let files: IdentityFiles
            if let given = settings.files { files = given.identity } else { files = try folder.identity(identity) }
            identityFiles = files
            values.add(["certificate": files.leaf, "chain": files.chain, "key": files.key, "bundle": files.bundle])
        }
        if let pool = settings.pool.names {
            let path: String
            if let given = settings.files { path = given.pool } else { path = try folder.pool(pool) }
            values.add([settings.pool.placeholder: path])
        }
        if !settings.revocationLists.isEmpty {
            values.add(["crls": try folder.revocationLists(settings.revocationLists)])
        }
        values.add(settings.values)
        var words = settings.words
        words["tls"] = version.rawValue
        try values.addWords(plan, words, of: manifest.stack)
        var named: [(name: String, files: IdentityFiles)] = []
        for (name, identity) in settings.identitiesByName.sorted(by: { $0.key < $1.key }) {
            named.append((name, try folder.identity(identity)))
        }
        values.addNames(plan.names, named)
    }

    /// All that the last start has written.
    func text(of run: ProgramRun) -> String { run.text(number: starts) }

    /// The same by what it was written to.
    func streams(of run: ProgramRun) -> [[UInt8]] { run.streams(number: starts) }

    /// Its report of a connection in a text.
    func observation(in text: String, status: ExitStatus) -> SideObservation {
        ToldObservation(plan.tells).observation(text: text, status: status, material)
    }

    /// Puts another identity into the files of the last start.
    func replaceIdentity(with name: String) throws(PeerFault) {
        guard let old = identityFiles else { throw .harness("\(self.name) was started without an identity to replace") }
        try folder.replace(old, with: try folder.identity(name))
    }

    /// Runs a command of the manifest to its end, with the placeholders of the last start.
    ///
    /// - Returns: whether it succeeded.
    func run(_ words: [String]) throws(PeerFault) -> Bool {
        let process = try begin(words)
        guard let status = process.waitForExit(until: Deadline(after: host.patience)) else {
            process.kill()
            throw .late("\(name): “\(words.joined(separator: " "))” did not end within \(host.patience)")
        }
        return status == .exited(0)
    }

    /// Starts a command of the manifest, with the placeholders of the last start.
    func begin(_ words: [String]) throws(PeerFault) -> ChildProcess {
        let command = PeerCommand(manifest: manifest, buildFolder: host.buildFolder)
        let group = try host.group()
        let process: ChildProcess
        do throws(SystemFailure) {
            process = try ChildProcess(
                command.expanded(values.arguments(words)),
                group: group,
                environment: command.environment,
                folder: folder.path
            )
        } catch {
            throw .crashed("\(name): \(error)")
        }
        process.closeInput()
        return process
    }
}

/// One start of a program, and what can be read from it afterwards.
final class ProgramRun {
    let name: String
    let process: ChildProcess
    private let plan: ProgramPlan
    private let folder: MaterialFolder

    init(
        _ plan: ProgramPlan,
        _ values: TemplateValues,
        name: String,
        command: PeerCommand,
        group: Int32,
        folder: MaterialFolder
    ) throws(PeerFault) {
        self.name = name
        self.plan = plan
        self.folder = folder
        for (file, template) in plan.files.sorted(by: { $0.key < $1.key }) {
            try folder.write("\(values.number)-\(file)", command.expanded([values.lines(template)]).joined())
        }
        let arguments = command.expanded(plan.launch.flatMap(values.arguments))
        do throws(SystemFailure) {
            process = try ChildProcess(
                arguments,
                group: group,
                environment: command.environment,
                // Paths in somebody's own command are told from where the run was started.
                folder: command.manifest.trigger == nil ? folder.path : nil
            )
        } catch {
            throw .crashed("\(name): \(error)")
        }
        if let input = plan.input { _ = process.write(Array(input.utf8), until: Deadline(after: .seconds(1))) }
        if !plan.holdsInput { process.closeInput() }
    }

    /// All that it wrote, logs included.
    func text(number: Int) -> String {
        streams(number: number).map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    /// Its output: standard output, standard error and each of its logs.
    func streams(number: Int) -> [[UInt8]] {
        [process.outputBytes, process.errorBytes]
            + plan.logs.map { log in
                let descriptor = open("\(folder.path)/\(number)-\(log)", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { return [] }
                return Descriptor(takingOwnershipOf: descriptor).readAvailable().bytes
            }
    }
}
