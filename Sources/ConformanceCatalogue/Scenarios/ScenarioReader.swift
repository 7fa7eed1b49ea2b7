internal import ConformanceModel

/// Reads one scenario file.
struct ScenarioReader {
    let log: IssueLog
    /// The id that the file's path asks for.
    let expectedID: String
    /// The stacks that may stand in a pairing besides those in process.
    var programs: [Stack] = []

    func scenario(_ tree: YAMLTree) -> Scenario {
        let root = BlockReader(tree, "the scenario", log: log)
        let id = root.required("scenario")
        if !id.isEmpty, id != expectedID {
            log.report(
                "the scenario is named “\(id)”, and its path asks for “\(expectedID)”",
                line: root.line(of: "scenario")
            )
        }
        let title = root.required("title")
        let sources = sources(root)
        let book = RecipeBook(root)
        let axes = AxisReader(book: book, log: log, programs: programs).axes(root)
        let base = SettingsReader(book: book, log: log).change(in: root)
        let control = root.tree("control").map { ControlPlan($0, axes: axes, book: book, log: log) }
        let expansion = Expansion(
            scenario: id,
            axes: axes,
            base: base,
            control: control,
            exclusions: exclusions(root, axes: axes),
            statements: root.tree("expect").map { ExpectationReader(log: log).statements($0, axes: axes) } ?? [],
            book: book,
            log: log
        )
        root.finish()
        // Points of axes that could not be read would add errors that only follow from the first ones.
        guard log.issues.isEmpty else {
            return Scenario(id: id, title: title, sources: sources, file: log.file, cases: [])
        }
        let cases = expansion.cases()
        if cases.isEmpty {
            log.report("the scenario has no cases: exclude leaves none", line: tree.line)
        }
        return Scenario(id: id, title: title, sources: sources, file: log.file, cases: cases)
    }

    private func sources(_ root: BlockReader) -> [ScenarioSource] {
        let items = root.list("source") ?? []
        if items.isEmpty {
            log.report(
                "the scenario needs a source: a list of document, rfc, cve or issue",
                line: root.line(of: "source")
            )
        }
        return items.compactMap { item in
            let block = BlockReader(item, "source", log: log)
            defer { block.finish() }
            if let number = block.int("rfc") { return .rfc(number, section: block.string("section")) }
            if let name = block.string("document") { return .document(name) }
            if let id = block.string("cve") { return .cve(id) }
            if let reference = block.string("issue") { return .issue(reference) }
            return nil
        }
    }

    private func exclusions(_ root: BlockReader, axes: [Axis]) -> [Expansion.Exclusion] {
        (root.list("exclude") ?? []).compactMap { item in
            guard case .mapping(let entries) = item.value else {
                log.report("an exclude must be a block of axes, not \(item.kind)", line: item.line)
                return nil
            }
            if !entries.contains(where: { $0.key == "reason" }) {
                log.report("an exclude needs a reason", line: item.line)
            }
            let conditions = entries.filter { $0.key != "reason" }
            if conditions.isEmpty {
                log.report("an exclude needs an axis; this one would leave nothing", line: item.line)
            }
            return Expansion.Exclusion(
                filter: PointFilter(conditions, axes: axes, in: "exclude", log: log),
                line: item.line
            )
        }
    }
}

/// Faults in one or more scenario files, or in a selection of cases.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong, and where.
    package struct Issue: Hashable, Sendable, CustomStringConvertible {
        /// The file as it was named to the loader; nil when no file is to blame.
        package var file: String?
        /// The line, from 1; nil when the file as a whole is to blame.
        package var line: Int?
        package var message: String

        package init(file: String? = nil, line: Int? = nil, message: String) {
            self.file = file
            self.line = line
            self.message = message
        }

        package var description: String {
            switch (file, line) {
            case (let file?, let line?): "\(file):\(line): \(message)"
            case (let file?, nil): "\(file): \(message)"
            case (nil, _): message
            }
        }
    }

    /// Everything that was found, in the order of the files and their lines; never empty.
    package var issues: [Issue]

    package init(_ issues: [Issue]) {
        self.issues = issues
    }

    package init(_ message: String) {
        self.init([Issue(message: message)])
    }

    /// One line for each issue.
    package var description: String {
        issues.map(\.description).joined(separator: "\n")
    }
}
