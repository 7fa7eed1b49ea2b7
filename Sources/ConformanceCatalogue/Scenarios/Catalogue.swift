package import ConformanceModel
internal import FoundationEssentials

/// All scenarios of a folder and the profiles of its stacks.
package struct Catalogue: Sendable {
    /// Ordered by id.
    package let scenarios: [Scenario]
    /// Ordered by stack.
    package let profiles: [Profile]
    /// The cases of all scenarios, ordered by id; no id stands twice.
    package let cases: [ConformanceCase]

    /// Fails when two scenarios have one id, when two cases have, or when an exception of a profile speaks of no case.
    ///
    /// - Parameter checked: the stacks whose exceptions are held to that; all when nil.
    package init(
        scenarios: [Scenario],
        profiles: [Profile] = [],
        checking checked: Set<Stack>? = nil
    ) throws(ScenarioError) {
        self.scenarios = scenarios.sorted { $0.id < $1.id }
        self.profiles = profiles.sorted { $0.stack < $1.stack }
        cases = scenarios.flatMap(\.cases).sorted { $0.id < $1.id }
        var issues: [ScenarioError.Issue] = []
        for (first, second) in zip(self.scenarios, self.scenarios.dropFirst()) where first.id == second.id {
            issues.append(.init(file: second.file, message: "scenario “\(second.id)” is also in \(first.file)"))
        }
        for (first, second) in zip(cases, cases.dropFirst()) where first.id == second.id && issues.isEmpty {
            let message =
                "case id “\(first.id)” stands twice, in the scenarios \(first.scenario) and \(second.scenario)"
            issues.append(.init(message: message))
        }
        let held = profiles.flatMap(\.exceptions).filter { checked?.contains($0.stack) ?? true }
        issues += ProfileException.issues(held, scenarios: self.scenarios)
        guard issues.isEmpty else { throw ScenarioError(issues) }
    }
}

extension Catalogue {
    /// Reads every `.yaml` file below a folder: those in `profiles/` as profiles, those in `peers/` and
    /// `failure-modes/` not at all, and all others as scenarios. The stacks of `peers/` may stand in pairings.
    ///
    /// Throws one error with everything that is wrong in any of the files.
    package static func load(directory: String) throws(ScenarioError) -> Catalogue {
        var scenarios: [Scenario] = []
        var profiles: [Profile] = []
        var issues: [ScenarioError.Issue] = []
        let paths = try files(in: directory)
        let programs = paths.compactMap(program)
        for part in paths.concurrentMap({ Part(path: $0, below: directory, programs: programs) }) {
            switch part {
            case .scenario(let scenario): scenarios.append(scenario)
            case .profile(let profile): profiles.append(profile)
            case .wrong(let more): issues += more
            case .other: continue
            }
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        guard !scenarios.isEmpty else {
            throw ScenarioError([
                .init(file: directory, message: "the folder has no scenario, which would be a .yaml file")
            ])
        }
        // A program plays few cases here; the entries about it speak of those that are replayed with it.
        return try Catalogue(scenarios: scenarios, profiles: profiles, checking: Set(Stack.inProcess))
    }

    /// The stack whose manifest has this path below a folder of scenarios, or nil for any other file.
    private static func program(_ path: String) -> Stack? {
        let parts = path.split(separator: "/")
        guard parts.count == 3, parts[0] == "peers", parts[2] == PeerManifest.fileName else { return nil }
        return Stack(rawValue: String(parts[1]))
    }

    /// Reads one scenario from its text. `file` is the name in messages, and its path below `scenarios/` is the id
    /// that the scenario must have.
    package static func scenario(yaml: String, file: String) throws(ScenarioError) -> Scenario {
        var id = file[...]
        if let folder = id.ranges(of: "scenarios/").last {
            id = id[folder.upperBound...]
        }
        if id.hasSuffix(suffix) {
            id = id.dropLast(suffix.count)
        }
        return try scenario(yaml: yaml, file: file, expectedID: String(id))
    }

    fileprivate static func scenario(
        yaml: String,
        file: String,
        expectedID: String,
        programs: [Stack] = []
    ) throws(ScenarioError) -> Scenario {
        let log = IssueLog(file: file)
        let scenario = YAMLTree.parse(yaml, log: log).map {
            ScenarioReader(log: log, expectedID: expectedID, programs: programs).scenario($0)
        }
        try log.throwIfAny()
        guard let scenario else {
            throw ScenarioError([.init(file: file, message: "the file has no scenario")])
        }
        return scenario
    }

    /// The paths of the `.yaml` files below a folder, relative to it, sorted.
    private static func files(in directory: String) throws(ScenarioError) -> [String] {
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(suffix) }
                .sorted()
        } catch {
            throw ScenarioError([.init(file: directory, message: "the folder of scenarios can't be read: \(error)")])
        }
    }

    fileprivate static func text(of file: String) throws(ScenarioError) -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw ScenarioError([.init(file: file, message: "the file can't be read as UTF-8: \(error)")])
        }
    }

    fileprivate static let suffix = ".yaml"
}

/// The content of one file below a folder of scenarios.
private enum Part: Sendable {
    case scenario(Scenario)
    case profile(Profile)
    case wrong([ScenarioError.Issue])
    /// Something that a catalogue of scenarios does not read.
    case other

    init(path: String, below directory: String, programs: [Stack]) {
        let file = "\(directory)/\(path)"
        do throws(ScenarioError) {
            switch path.split(separator: "/").first {
            case "peers" where path.contains("/"), FailureModeCatalogue.folderName[...] where path.contains("/"):
                self = .other
            case "profiles" where path.contains("/"):
                self = .profile(try Profile.profile(yaml: try Catalogue.text(of: file), file: file))
            case KnownHoles.fileName[...]:
                self = .other
            default:
                let text = try Catalogue.text(of: file)
                let id = String(path.dropLast(Catalogue.suffix.count))
                self = .scenario(
                    try Catalogue.scenario(yaml: text, file: file, expectedID: id, programs: programs)
                )
            }
        } catch {
            self = .wrong(error.issues)
        }
    }
}

extension Catalogue {
    /// A digest of every `.yaml` file below a folder, with its path: the same on each machine with the same files.
    package static func digest(directory: String) throws(ScenarioError) -> String {
        var hash = StableHash()
        do {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(".yaml") }
            for path in paths.sorted() {
                hash.add(line: path)
                hash.add(line: try String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8))
            }
        } catch {
            throw ScenarioError([.init(file: directory, message: "the folder of scenarios can't be read: \(error)")])
        }
        return hash.text
    }
}
