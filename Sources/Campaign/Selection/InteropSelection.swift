package import ConformanceCatalogue
package import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The cases that every stack is put through when none are named: scenarios/peers/selection.txt.
package enum InteropSelection {
    /// One pattern a line; empty lines and those that begin with `#` are left out.
    package static func load(beside scenarios: String) throws -> [String] {
        let path = "\(scenarios)/peers/selection.txt"
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError.usage(
                "name cases, for example 'client-auth/credentials': \(path), which lists those of a run without "
                    + "names, can't be read: \(FileReason.of(error))"
            )
        }
        let patterns = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !patterns.isEmpty else { throw CommandError.usage("\(path) has no pattern") }
        return patterns
    }
}

extension Catalogue {
    /// The profiles of the stacks in process and of these, with that of an implementation under each of its names, and
    /// those that they include.
    package func profiles(for manifests: [PeerManifest]) -> [Profile] {
        var result = profiles.filter { profile in
            !manifests.contains { $0.stack == profile.stack && $0.implementation != $0.stack }
        }
        for manifest in manifests where manifest.implementation != manifest.stack {
            var own = Profile(stack: manifest.stack)
            if let stated = profiles.first(where: { $0.stack == manifest.stack }) {
                own = stated
            } else if let implemented = profiles.first(where: { $0.stack == manifest.implementation }) {
                own = implemented.renamed(manifest.stack)
            }
            result.append(own)
        }
        return result
    }
}

/// The folder that the interoperability of a run is written to: matrix.md, matrix.json, and a page for each stack.
package struct InteropFiles {
    private let folder: String
    private let markdown: ReportPath
    private let json: ReportPath

    /// - Throws: `CommandError` for a folder that can't be written to.
    package init(checking folder: String) throws {
        self.folder = folder
        markdown = try ReportPath(checking: "\(folder)/matrix.md")
        json = try ReportPath(checking: "\(folder)/matrix.json")
    }

    package func write(_ report: RunReport) throws {
        let matrix = InteropMatrix(report)
        try markdown.write(Data(matrix.markdown.utf8))
        try json.write(matrix.json)
        for stack in Set(report.cases.flatMap { [$0.server, $0.client] }).sorted() {
            let page = try ReportPath(checking: "\(folder)/stacks/\(stack.rawValue).md")
            try page.write(Data(StackPage(stack, in: report).markdown.utf8))
        }
    }
}
