package import ConformanceModel
package import ConformanceReports
internal import Foundation

/// The files that a comparison of two runs is rendered to.
package struct ComparisonFiles {
    private let html: ReportPath?
    private let markdown: ReportPath?
    private let json: ReportPath?

    /// - Throws: `CommandError` for a path that can't be written.
    package init(html: String?, markdown: String?, json: String?) throws {
        self.html = try html.map(ReportPath.init(checking:))
        self.markdown = try markdown.map(ReportPath.init(checking:))
        self.json = try json.map(ReportPath.init(checking:))
    }

    package func write(_ comparison: ReportComparison) throws {
        try html?.write(Data(ComparisonHTML(comparison).text.utf8))
        try markdown?.write(Data(ComparisonMarkdown(comparison).text.utf8))
        try json?.write(Data(ComparisonJSON(comparison).text.utf8))
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

/// The folder that the rotations of real servers are written to: a page in Markdown and one in JSON for each server.
package struct RotationFiles {
    private let folder: String

    /// - Throws: `CommandError` for a folder that can't be made.
    package init(checking folder: String) throws {
        try Folder.create(folder)
        self.folder = folder
    }

    package func write(_ report: RotationReport) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let stem = "\(folder)/\(report.stack)"
        try ReportPath(checking: "\(stem).md").write(Data(RotationPage(report).markdown.utf8))
        try ReportPath(checking: "\(stem).json").write(encoder.encode(report))
    }
}
