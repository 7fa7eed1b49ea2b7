package import ConformanceModel
internal import ConformanceReports
internal import Foundation

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
