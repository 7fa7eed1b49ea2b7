package import ConformanceModel
internal import FoundationEssentials

/// The documented failure modes of a folder of scenarios.
package struct FailureModeCatalogue: Sendable {
    /// Ranked ones first, in their order, then the others by id.
    package let modes: [FailureMode]

    package init(_ modes: [FailureMode]) {
        self.modes = modes.sorted { ($0.rank ?? .max, $0.id) < ($1.rank ?? .max, $1.id) }
    }

    package subscript(id: String) -> FailureMode? {
        modes.first { $0.id == id }
    }

    /// Reads every `.yaml` file of `failure-modes/` in a folder of scenarios.
    ///
    /// Throws one error with everything that is wrong in any of the files.
    package static func load(directory: String) throws(ScenarioError) -> FailureModeCatalogue {
        let folder = "\(directory)/\(folderName)"
        var modes: [FailureMode] = []
        var issues: [ScenarioError.Issue] = []
        for name in try files(of: folder) {
            let file = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: file) else {
                issues.append(.init(file: file, message: "the file can't be read"))
                continue
            }
            do throws(ScenarioError) {
                modes.append(try mode(yaml: String(decoding: data, as: UTF8.self), file: file))
            } catch {
                issues += error.issues
            }
        }
        issues += contradictions(modes, in: folder)
        let evidence = evidence(in: folder, &issues)
        for place in modes.indices { modes[place].evidence = evidence[modes[place].id] }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        return FailureModeCatalogue(modes)
    }

    /// Reads one failure mode. Its id must be the name of the file.
    package static func mode(yaml: String, file: String) throws(ScenarioError) -> FailureMode {
        let log = IssueLog(file: file)
        let name = file.split(separator: "/").last ?? ""
        let mode = YAMLTree.parse(yaml, log: log).map {
            FailureModeReader(log: log, expectedID: String(name.dropLast(".yaml".count))).mode($0)
        }
        try log.throwIfAny()
        guard let mode else { throw ScenarioError([.init(file: file, message: "the file has no failure mode")]) }
        return mode
    }

    /// The folder of failure modes in a folder of scenarios; its files are no scenarios.
    package static let folderName = "failure-modes"

    private static func files(of folder: String) throws(ScenarioError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
        } catch {
            throw ScenarioError([.init(file: folder, message: "the folder of failure modes can't be read: \(error)")])
        }
    }

    /// The recorded answers of releases, by failure mode; a folder without them has none.
    private static func evidence(in folder: String, _ issues: inout [ScenarioError.Issue]) -> [String: ReleaseEvidence]
    {
        let file = "\(folder)/\(evidenceName)"
        guard let data = FileManager.default.contents(atPath: file) else { return [:] }
        do {
            let all = try JSONDecoder().decode([ReleaseEvidence].self, from: data)
            return Dictionary(all.map { ($0.id, $0) }) { $1 }
        } catch {
            issues.append(.init(file: file, message: "the recorded answers can't be read: \(error)"))
            return [:]
        }
    }

    /// The file of recorded answers in the folder of failure modes.
    package static let evidenceName = "evidence.json"

    private static func contradictions(_ modes: [FailureMode], in folder: String) -> [ScenarioError.Issue] {
        var seen: [Int: String] = [:]
        return modes.compactMap { mode in
            guard let rank = mode.rank, let other = seen.updateValue(mode.id, forKey: rank) else { return nil }
            return .init(file: folder, message: "\(other) and \(mode.id) have the same rank \(rank)")
        }
    }
}

/// The programs of scenarios/peers/releases.yaml.
package struct ReleaseSources: Sendable {
    package let sources: [ReleaseSource]
    /// The path of the file, for messages.
    package let file: String

    package static let fileName = "peers/releases.yaml"

    package subscript(name: String) -> ReleaseSource? { sources.first { $0.name == name } }

    /// The known names, for messages.
    package var names: [String] { sources.map(\.name) }

    /// Reads the file of a folder of scenarios; a folder without it has no releases.
    package static func load(directory: String) throws(ScenarioError) -> ReleaseSources {
        let file = "\(directory)/\(fileName)"
        guard let data = FileManager.default.contents(atPath: file) else {
            return ReleaseSources(sources: [], file: file)
        }
        return try read(yaml: String(decoding: data, as: UTF8.self), file: file)
    }

    package static func read(yaml: String, file: String) throws(ScenarioError) -> ReleaseSources {
        let log = IssueLog(file: file)
        let sources = YAMLTree.parse(yaml, log: log).map { tree in
            let root = BlockReader(tree, "the file of releases", log: log)
            defer { root.finish() }
            return (root.block("releases") ?? []).map { source($0, log) }
        }
        try log.throwIfAny()
        return ReleaseSources(sources: sources ?? [], file: file)
    }

    private static func source(_ entry: YAMLTree.Entry, _ log: IssueLog) -> ReleaseSource {
        let block = BlockReader(entry.value, "release “\(entry.key)”", log: log)
        defer { block.finish() }
        if ReleaseName("\(entry.key)@1") == nil {
            log.report("“\(entry.key)” is no name of a program", line: entry.line)
        }
        let also = block.strings("also") ?? []
        let registry: ReleaseSource.Registry
        if let package = block.string("debian") {
            registry = .debian(packages: [package] + also)
        } else if let version = block.strings("version") {
            registry = .installed(version: version)
        } else {
            registry = .pypi(package: block.required("pypi"), also: also)
        }
        var environment: [String: String] = [:]
        for variable in block.block("environment") ?? [] {
            environment[variable.key] = block.string(variable.value, variable.key)
        }
        var checksums: [String: String] = [:]
        for sum in block.block("sha256") ?? [] { checksums[sum.key] = block.string(sum.value, sum.key) }
        return ReleaseSource(
            name: entry.key,
            title: block.required("title"),
            registry: registry,
            program: block.required("program"),
            environment: environment,
            megabytes: block.int("megabytes") ?? 0,
            checksums: checksums
        )
    }
}
