package import ConformanceModel
internal import FoundationEssentials

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
