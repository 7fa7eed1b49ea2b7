package import ConformanceModel
internal import FoundationEssentials

extension PeerManifest {
    /// Reads the manifest in a folder, `peer.yaml`, or the file itself.
    package static func load(_ path: String) throws(ScenarioError) -> PeerManifest {
        let file = path.hasSuffix(".yaml") ? path : "\(path)/\(fileName)"
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw ScenarioError([.init(file: file, message: "the manifest can't be read as UTF-8: \(error)")])
        }
        let here = FileManager.default.currentDirectoryPath
        let absolute = file.hasPrefix("/") ? file : "\(here)/\(file)"
        let folder = absolute.split(separator: "/").dropLast()
        return try manifest(
            yaml: text,
            file: file,
            name: folder.last.map(String.init) ?? "",
            folder: "/" + folder.joined(separator: "/")
        )
    }

    /// Reads every manifest of a folder of folders, ordered by name; all errors of all files are one error.
    package static func loadAll(in directory: String) throws(ScenarioError) -> [PeerManifest] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw ScenarioError([.init(file: directory, message: "the folder of peers can't be read: \(error)")])
        }
        var manifests: [PeerManifest] = []
        var issues: [ScenarioError.Issue] = []
        for name in names where FileManager.default.fileExists(atPath: "\(directory)/\(name)/\(fileName)") {
            do throws(ScenarioError) {
                manifests.append(try load("\(directory)/\(name)"))
            } catch {
                issues += error.issues
            }
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        return manifests
    }

    /// Reads a manifest from its text.
    ///
    /// - Parameters:
    ///   - file: the name in messages.
    ///   - name: the name that the peer must have.
    ///   - folder: what relative paths are relative to.
    package static func manifest(
        yaml: String,
        file: String,
        name: String,
        folder: String
    ) throws(ScenarioError) -> PeerManifest {
        let log = IssueLog(file: file)
        let reader = PeerManifestReader(log: log, expectedName: name, folder: folder)
        let manifest = YAMLTree.parse(yaml, log: log).map(reader.manifest)
        try log.throwIfAny()
        guard let manifest else {
            throw ScenarioError([.init(file: file, message: "the file has no manifest")])
        }
        return manifest
    }

    package static let fileName = "peer.yaml"
}

extension ConformanceCase {
    /// The same case with other stacks, and with their names at the end of its id.
    package func replayed(by pairing: Pairing) -> ConformanceCase {
        var replayed = self
        let suffix = self.pairing.description
        let stem = id.hasSuffix(suffix) ? String(id.dropLast(suffix.count)) : "\(id)/"
        replayed.id = stem + pairing.description
        replayed.pairing = pairing
        replayed.axes = axes.map { $0.axis == "pairing" ? AxisValue(axis: "pairing", value: pairing.description) : $0 }
        return replayed
    }
}

extension Catalogue {
    /// The cases of our own pairing, played again by each of these pairings.
    ///
    /// - Parameters:
    ///   - pairings: what `pairing: all` stands for besides the stacks in process.
    ///   - globs: which cases, by the ids that they get; all when empty. One that matches none is an error.
    ///   - change: what becomes of each case that is chosen; nil leaves it out.
    /// - Returns: a catalogue of these cases alone.
    package func replayed(
        by pairings: [Pairing],
        globs: [String] = [],
        profiles: [Profile],
        changing change: (ConformanceCase) -> ConformanceCase? = { $0 }
    ) throws(ScenarioError) -> Catalogue {
        let patterns = globs.map(IDGlob.init)
        let own = Pairing(server: .countersign, client: .countersign)
        var hit: Set<IDGlob> = []
        let replayed = scenarios.compactMap { scenario -> Scenario? in
            var scenario = scenario
            scenario.cases = scenario.cases.filter { $0.pairing == own }.flatMap { base in
                pairings.map(base.replayed).filter { candidate in
                    let matching = patterns.filter { $0.matches(candidate.id) }
                    hit.formUnion(matching)
                    return patterns.isEmpty || !matching.isEmpty
                }
                .compactMap(change)
            }
            return scenario.cases.isEmpty ? nil : scenario
        }
        let issues = patterns.filter { !hit.contains($0) }.map {
            ScenarioError.Issue(message: "no case with these stacks has an id that matches “\($0)”")
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        // Which entries speak of a case depends on what was chosen, so that one which speaks of none is no mistake.
        return try Catalogue(scenarios: replayed, profiles: profiles, checking: [])
    }
}
