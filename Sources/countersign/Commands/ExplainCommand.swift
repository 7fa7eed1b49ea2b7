internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import ConformanceReports
internal import Diagnostics
internal import Foundation

/// `countersign explain`
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains a log, a documented failure mode, or a case.",
        discussion: """
            Takes a log file of any length, a line as a stack wrote it, the id of a failure mode, or the id of a case. \
            Without arguments the log is read from standard input: journalctl -u nginx | countersign explain. Lines \
            about other things than TLS are ignored. The answer has, for each kind of failure, its count, the first \
            line, the side that refused, the likely causes in order and how to tell them apart, the fix on each stack, \
            and the proof.

            Ends with 1 when no line is about a failure of TLS.

            Example: countersign explain 'SSL routines::tlsv13 alert certificate required'

            Example: countersign explain --json 'remote error: tls: bad certificate'
            """
    )

    @Argument(
        help: ArgumentHelp("A log file, a log line, or the id of a failure mode or of a case.", valueName: "text")
    )
    var text: [String] = []

    @Option(help: ArgumentHelp("The folder of scenarios; by default the program's own.", valueName: "dir"))
    var scenarios: String?

    @Flag(help: "Writes the failures of a log as one JSON object.")
    var json = false

    @Flag(help: "Lists the documented failure modes.")
    var list = false

    @Flag(help: "Prints the documented failure modes as a Markdown page with their sources.")
    var page = false

    @Option(help: ArgumentHelp("JSON results of a run, whose outcomes --page shows.", valueName: "path"))
    var results: String?

    func validate() throws {
        guard !(list || page) || text.isEmpty else { throw ValidationError("--list and --page take no text") }
        guard !(list && page) else { throw ValidationError("give --list or --page, not both") }
        guard page || results == nil else { throw ValidationError("--results goes with --page") }
    }

    func run() throws {
        let folder = try ScenarioFolder.find(named: scenarios)
        let catalogue = try FailureModeCatalogue.load(directory: folder)
        if page {
            print(FailureModePage(catalogue.modes, report: try results.map(ResultsFile.read)).text)
            return
        }
        if list {
            print(catalogue.modes.map { "\($0.id)\t\($0.group.rawValue)\t\($0.title)" }.joined(separator: "\n"))
            return
        }
        if text.count == 1, let mode = catalogue[text[0]] {
            print(DiagnosisText(Diagnosis(mode)).text)
            return
        }
        if text.count == 1, let testCase = try testCase(text[0], in: folder) {
            print(CaseExplanationText(CaseExplanation(testCase, catalogue: catalogue)).text)
            return
        }
        let reader = try readLog()
        guard !reader.findings.isEmpty else {
            throw CommandError(
                message: "nothing in \(reader.lineCount) lines speaks of a failure of TLS; give the lines in which a "
                    + "library or server names its error, from both sides if you can; --list shows what is known",
                status: .unexpectedResults
            )
        }
        let report = LogReport(reader.findings, lines: reader.lineCount, catalogue: catalogue)
        LineOutput(asJSON: json).write(report)
    }

    /// Reads a file, standard input or the words themselves, and keeps no more of them than the failures.
    private func readLog() throws -> LogReader {
        var reader = LogReader()
        let handle: FileHandle
        if text.isEmpty || text == ["-"] {
            handle = .standardInput
        } else if text.count == 1, !text[0].contains("\n"), let file = FileHandle(forReadingAtPath: text[0]) {
            handle = file
        } else {
            Array(text.joined(separator: " ").utf8).withUnsafeBytes { reader.read($0) }
            reader.finish()
            return reader
        }
        while let piece = try handle.read(upToCount: Self.pieceSize), !piece.isEmpty {
            piece.withUnsafeBytes { reader.read($0) }
        }
        reader.finish()
        guard reader.lineCount > 0 else {
            throw CommandError.usage("no text to explain; give it as an argument, a file or on standard input")
        }
        return reader
    }

    private static let pieceSize = 1 << 20

    /// Ids of cases have slashes and no spaces; the catalogue, which is large, is read for nothing else.
    private func testCase(_ id: String, in folder: String) throws -> ConformanceCase? {
        guard id.contains("/"), !id.contains(where: \.isWhitespace), !id.contains(":") else { return nil }
        let catalogue = try Catalogue.load(directory: folder)
        if let found = catalogue.cases.first(where: { $0.id == id }) { return found }
        guard catalogue.scenarios.contains(where: { id.hasPrefix($0.id) }) else { return nil }
        throw CommandError.usage("no case has the id \(id); countersign list '\(id)*' shows those that begin with it")
    }
}
