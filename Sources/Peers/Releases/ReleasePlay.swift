internal import ConformanceEngine
package import ConformanceModel
internal import FoundationEssentials
internal import Glibc
internal import ThrowawayPKI

/// Plays one half of a release pair: starts the release in each stage, asks it, and notes the answers.
///
/// Each stage has a folder of its own with all that was used, so that a person repeats it: `start.sh`, `asks.sh`, the
/// configuration, the certificates, and what the program wrote.
package struct ReleasePlay {
    package let pair: ReleasePair
    /// The program and the companions, installed.
    package let program: InstalledRelease
    package let companions: [InstalledRelease]
    /// The folder that the stages' folders are made in, absolute.
    package let folder: String
    /// The client that asks: scenarios/peers/common/ask.py.
    package let asker: String
    private let pki: PKI?
    private let guardian: ProcessGuard

    /// - Parameter seed: what serial numbers are made of; both halves have the same certificates with one ``Ground``.
    package init(
        _ pair: ReleasePair,
        program: InstalledRelease,
        companions: [InstalledRelease],
        folder: String,
        asker: String,
        ground: Ground
    ) {
        self.pair = pair
        self.program = program
        self.companions = companions
        self.folder = folder
        self.asker = asker
        pki = ground.pki
        guardian = ground.guardian
    }

    /// The certificates and the process group of both halves.
    package struct Ground {
        let pki: PKI?
        let guardian: ProcessGuard
        /// Removed with all in it when this process ends.
        package let temporaryFolder: String

        package init(_ pair: ReleasePair, seed: UInt64, now: Int64) throws {
            pki = try pair.pki.map { try PKI.mint(Recipe($0), now: now, seed: seed, keys: KeyPool()) }
            temporaryFolder = try MaterialFolder.makeUnique(
                FileManager.default.temporaryDirectory.path + "/countersign-releases"
            )
            guardian = try ProcessGuard(folder: temporaryFolder)
        }
    }

    /// The answers of all stages.
    package func half() throws -> ReleaseHalf {
        var answers: [ReleaseHalf.Answer] = []
        for (number, stage) in pair.stages.enumerated() {
            let place = try ReleaseStage(self, stage, folder: "\(folder)/stage-\(number + 1)", pki: pki)
            let outcomes = try place.outcomes(group: guardian.group)
            try place.write("answers.txt", outcomes.map { "\($0.ask): \($0.outcome)\n" }.joined())
            answers += outcomes
        }
        return ReleaseHalf(release: "\(program.name)", answers: answers)
    }
}

/// One stage of one half: its folder, and what happens there.
struct ReleaseStage {
    let play: ReleasePlay
    let stage: ReleasePair.Stage
    let folder: String
    private let lease: PortLease
    private let environment: [String: String]
    private var values: [String: String]

    init(_ play: ReleasePlay, _ stage: ReleasePair.Stage, folder: String, pki: PKI?) throws {
        self.play = play
        self.stage = stage
        self.folder = folder
        lease = try PortLease()
        let admin = try PortLease()
        values = [
            "port": "\(lease.number)", "port2": "\(admin.number)", "work": folder, "pki": "\(folder)/pki",
            "program": play.program.program, "release": play.program.folder,
        ]
        for companion in play.companions {
            values[companion.name.program] = companion.program
            values["\(companion.name.program).release"] = companion.folder
        }
        var environment = ["HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder]
        // A companion's variables stand below the program's; search paths of both are joined.
        for release in play.companions + [play.program] {
            for (name, value) in release.environment {
                if name.hasSuffix("PATH"), let old = environment[name] {
                    environment[name] = "\(value):\(old)"
                } else {
                    environment[name] = value
                }
            }
        }
        self.environment = environment
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let pki { try pki.write(to: "\(folder)/pki", overwrite: true) }
        // What the catalogue shares lies in the stage's folder too, which is whole without it.
        for name in ["ask.py", "mint.go", "peer.py"] {
            let shared = "\(play.asker.dropLast("ask.py".count))\(name)"
            if let data = FileManager.default.contents(atPath: shared) {
                try write(name, String(decoding: data, as: UTF8.self))
            }
        }
        let files = play.pair.files.merging(stage.files) { $1 }
        for (name, text) in files.sorted(by: { $0.key < $1.key }) { try write(name, expanded(text)) }
    }

    /// Starts the program, asks, and ends it.
    func outcomes(group: Int32) throws -> [ReleaseHalf.Answer] {
        try write("start.sh", startScript, mode: 0o755)
        for words in play.pair.prepare { try prepare(words, group) }
        for (file, breakage) in stage.breaks.sorted(by: { $0.key < $1.key }) { try breakFile(file, breakage) }
        let process: ChildProcess
        do {
            process = try ChildProcess(
                play.pair.command.words.map(expanded),
                group: group,
                environment: stageEnvironment,
                folder: folder
            )
        } catch {
            throw ReleaseUnavailable(description: "\(play.program.name): its program can't be started: \(error)")
        }
        process.closeInput()
        defer {
            process.kill()
            process.readAvailable()
            try? write("output.txt", text(of: process))
        }
        switch play.pair.command {
        case .serve: return try serve(process, group)
        case .run: return try run(process)
        }
    }

    private func run(_ process: ChildProcess) throws -> [ReleaseHalf.Answer] {
        let status = process.waitForExit(until: Deadline(after: .seconds(180)))
        let lines = String(decoding: process.outputBytes, as: UTF8.self).split(separator: "\n")
        return stage.asks.map { ask in
            let outcome: String
            switch ask.subject {
            case .told:
                let prefix = "\(ask.name): "
                outcome =
                    lines.first { $0.hasPrefix(prefix) }.map { Self.oneLine($0.dropFirst(prefix.count)) } ?? "not told"
            case .ends, .survives, .starts: outcome = status.map(Self.words) ?? "silent"
            case .log(let pattern): outcome = Self.has(pattern, in: text(of: process)) ? "found" : "absent"
            case .connection: outcome = "no server"
            }
            return .init(stage: stage.name, ask: ask.name, outcome: outcome)
        }
    }

    private func serve(_ process: ChildProcess, _ group: Int32) throws -> [ReleaseHalf.Answer] {
        let deadline = Deadline(after: .seconds(60))
        var isOpen = false
        while !isOpen, process.exitStatus == nil, !deadline.isOver {
            isOpen = Loopback.isOpen(port: lease.number)
            if !isOpen { wait(process, .milliseconds(50)) }
        }
        var script =
            "#!/bin/sh\n# Asks the server that start.sh has started, as the harness did.\ncd \"$(dirname \"$0\")\"\n"
        defer { try? write("asks.sh", script, mode: 0o755) }
        var number = 0
        return try stage.asks.map { ask in
            let outcome: String
            switch ask.subject {
            case .starts:
                outcome = isOpen ? "started" : process.exitStatus.map(Self.words) ?? "silent"
            case .survives, .ends:
                let ended = isOpen ? process.waitForExit(until: Deadline(after: .seconds(1))) : process.exitStatus
                outcome = ended.map(Self.words) ?? (isOpen ? "running" : "silent")
            case .log(let pattern):
                let patience = Deadline(after: .seconds(10))
                while !Self.has(pattern, in: text(of: process)), !patience.isOver, process.exitStatus == nil {
                    wait(process, .milliseconds(50))
                }
                process.readAvailable()
                outcome = Self.has(pattern, in: text(of: process)) ? "found" : "absent"
            case .told: outcome = "not told"
            case .connection(let options):
                number += 1
                let port = options.contains("--port2") ? values["port2"] ?? "" : "\(lease.number)"
                let words = ["python3", "ask.py", port] + arguments(options)
                script +=
                    "echo '\(ask.name.replacing("'", with: ""))':\n" + words.map(Self.quoted).joined(separator: " ")
                    + "\n"
                let recorded = words + ["--capture", "capture/\(number).pcapng"]
                let patience = Deadline(after: .seconds(10))
                var answer = isOpen ? try self.ask(recorded, process, group) : "no server"
                while ask.settles, isOpen, !ask.affected.permits(answer), !patience.isOver, process.exitStatus == nil {
                    wait(process, .milliseconds(100))
                    answer = try self.ask(recorded, process, group)
                }
                outcome = answer
            }
            return .init(stage: stage.name, ask: ask.name, outcome: outcome)
        }
    }

    private func ask(_ words: [String], _ server: ChildProcess, _ group: Int32) throws -> String {
        let client = try ChildProcess(words, group: group, folder: folder)
        client.closeInput()
        let status = client.waitForExit(until: Deadline(after: .seconds(30)))
        server.readAvailable()
        guard status == .exited(0) else {
            client.kill()
            return status == nil ? "silent" : "the client failed: \(Self.oneLine(Self.lastLine(client.errorBytes)))"
        }
        return Self.oneLine(Self.lastLine(client.outputBytes))
    }

    private func prepare(_ words: [String], _ group: Int32) throws {
        let process = try ChildProcess(words.map(expanded), group: group, environment: stageEnvironment, folder: folder)
        process.closeInput()
        let status = process.waitForExit(until: Deadline(after: .seconds(180)))
        guard status == .exited(0) else {
            process.kill()
            throw ReleaseUnavailable(
                description: "\(play.program.name): \(words.joined(separator: " ").prefix(100)) failed: "
                    + Self.oneLine(Self.lastLine(process.errorBytes + process.outputBytes))
            )
        }
    }

    private func breakFile(_ name: String, _ breakage: ReleasePair.Breakage) throws {
        let path = "\(folder)/\(name)"
        let data = FileManager.default.contents(atPath: path) ?? Data()
        unlink(path)
        switch breakage {
        case .missing: break
        case .empty: try Data().write(to: URL(filePath: path))
        case .truncated: try data.prefix(data.count / 2).write(to: URL(filePath: path))
        case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case .unreadable:
            // Root reads a file of any mode; a link that leads to itself is read by nobody.
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        }
    }

    private func wait(_ process: ChildProcess, _ duration: Duration) {
        var waiting = Waiting()
        process.register(in: &waiting)
        waiting.wait(until: Deadline(after: duration))
        process.readAvailable()
    }

    private var stageEnvironment: [String: String] {
        environment.merging(play.pair.environment.mapValues(expanded)) { $1 }
            .merging(stage.environment.mapValues(expanded)) { $1 }
    }

    private func expanded(_ text: String) -> String {
        values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Identities and roots are entries of the recipe.
    private func arguments(_ options: [String]) -> [String] {
        var words: [String] = []
        for pair in stride(from: 0, to: options.count - 1, by: 2) {
            let value = expanded(options[pair + 1])
            switch options[pair] {
            case "--port2": continue
            case "--plain": words.append(options[pair])
            case "--identity": words += [options[pair], value.contains("/") ? value : "pki/\(value)"]
            case "--roots": words += [options[pair], value.contains("/") ? value : "pki/\(value).crt"]
            default: words += [options[pair], value]
            }
        }
        return words
    }

    private var startScript: String {
        let exports = stageEnvironment.sorted { $0.key < $1.key }.map { "export \($0.key)=\(Self.quoted($0.value))\n" }
        let words = play.pair.command.words.map { Self.quoted(expanded($0)) }.joined(separator: " ")
        return "#!/bin/sh\n# \(play.program.name), as the harness started it.\ncd \"$(dirname \"$0\")\"\n"
            + exports.joined() + "exec \(words)\n"
    }

    /// Files hold certificates and configuration; keys come from the PKI, which writes them with mode 0600.
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
        let path = "\(folder)/\(name)"
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
    }

    private func text(of process: ChildProcess) -> String {
        String(decoding: process.outputBytes + process.errorBytes, as: UTF8.self)
    }

    private static func words(_ status: ExitStatus) -> String {
        switch status {
        case .exited(let code): "exit \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }

    private static func has(_ pattern: String, in text: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return false }
        return text.contains(expression)
    }

    private static func lastLine(_ bytes: [UInt8]) -> Substring {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: "\n").last.map { Substring(String($0)) } ?? ""
    }

    /// An outcome is a line without control characters, whatever the program wrote.
    private static func oneLine(_ text: Substring) -> String {
        String(text.prefix(200).map { $0.isASCII && ($0.asciiValue ?? 0) < 0x20 ? " " : $0 })
    }

    private static func quoted(_ word: String) -> String {
        word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-=:,@+".contains($0)) } && !word.isEmpty
            ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
