internal import FoundationEssentials

/// All scenarios of a folder and the deviations known of its stacks.
package struct Catalogue: Sendable {
    /// Ordered by id.
    package let scenarios: [Scenario]
    /// Ordered by stack, then as in its file.
    package let deviations: [Deviation]
    /// The cases of all scenarios, ordered by id; no id stands twice.
    package let cases: [ConformanceCase]

    /// Fails when two scenarios have one id, when two cases have, or when a deviation speaks of no case.
    ///
    /// - Parameter checked: the stacks whose deviations are held to that; all when nil.
    package init(
        scenarios: [Scenario],
        deviations: [Deviation] = [],
        checking checked: Set<Stack>? = nil
    ) throws(ScenarioError) {
        self.scenarios = scenarios.sorted { $0.id < $1.id }
        self.deviations = deviations
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
        let held = deviations.filter { checked?.contains($0.stack) ?? true }
        issues += Deviation.issues(held, scenarios: self.scenarios)
        guard issues.isEmpty else { throw ScenarioError(issues) }
    }

    /// Reads every `.yaml` file below a folder: those in `deviations/` as deviations, those in `peers/` and
    /// `failure-modes/` not at all, and all others as scenarios. The stacks of `peers/` may stand in pairings.
    ///
    /// Throws one error with everything that is wrong in any of the files.
    package static func load(directory: String) throws(ScenarioError) -> Catalogue {
        var scenarios: [Scenario] = []
        var deviations: [Deviation] = []
        var issues: [ScenarioError.Issue] = []
        let paths = try files(in: directory)
        let programs = paths.compactMap(program)
        for path in paths {
            let file = "\(directory)/\(path)"
            do throws(ScenarioError) {
                let text = try text(of: file)
                switch path.split(separator: "/").first {
                case "deviations" where path.contains("/"):
                    deviations += try Deviation.deviations(yaml: text, file: file)
                case "peers" where path.contains("/"), FailureModeCatalogue.folderName[...] where path.contains("/"):
                    continue
                default:
                    let id = String(path.dropLast(suffix.count))
                    scenarios.append(try scenario(yaml: text, file: file, expectedID: id, programs: programs))
                }
            } catch {
                issues += error.issues
            }
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        guard !scenarios.isEmpty else {
            throw ScenarioError([
                .init(file: directory, message: "the folder has no scenario, which would be a .yaml file")
            ])
        }
        // A program plays few cases here; the entries about it speak of those that are replayed with it.
        return try Catalogue(scenarios: scenarios, deviations: deviations, checking: Set(Stack.inProcess))
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

    private static func scenario(
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

    private static func text(of file: String) throws(ScenarioError) -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw ScenarioError([.init(file: file, message: "the file can't be read as UTF-8: \(error)")])
        }
    }

    private static let suffix = ".yaml"
}
