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
        abstract: "Explains a case, a documented failure mode, or text of a log.",
        discussion: """
            Takes the id of a case, the id of a failure mode, or text as a stack wrote it; without arguments the text \
            comes from standard input. The answer has six fields: who refused whom, what was seen, the likely causes \
            in order and how to tell them apart, what to collect, the fix on each stack, and how to prove it.

            Ends with 1 when no failure mode has such words.

            Example: countersign explain 'SSL routines::tlsv13 alert certificate required'
            """
    )

    @Argument(help: ArgumentHelp("The id of a case or of a failure mode, or text of a log.", valueName: "text"))
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; otherwise ./scenarios, or the one beside or above the executable.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Flag(help: "Lists the documented failure modes.")
    var list = false

    @Flag(help: "Prints all of them as a Markdown page with their sources.")
    var page = false

    @Option(help: ArgumentHelp("JSON results of a run, whose outcomes --page tells.", valueName: "path"))
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
        let symptom = try text.isEmpty || text == ["-"] ? standardInput() : text.joined(separator: " ")
        guard let diagnosis = Diagnosis(of: symptom, by: catalogue) else {
            throw CommandError(
                message: "none of the \(catalogue.modes.count) failure modes has these words; give the line in which "
                    + "a TLS library names its error, from both sides if you can; --list shows what is known",
                status: .unexpectedResults
            )
        }
        print(DiagnosisText(diagnosis).text)
    }

    /// Ids of cases have slashes and no spaces; the catalogue, which is large, is read for nothing else.
    private func testCase(_ id: String, in folder: String) throws -> ConformanceCase? {
        guard id.contains("/"), !id.contains(where: \.isWhitespace), !id.contains(":") else { return nil }
        let catalogue = try Catalogue.load(directory: folder)
        if let found = catalogue.cases.first(where: { $0.id == id }) { return found }
        guard catalogue.scenarios.contains(where: { id.hasPrefix($0.id) }) else { return nil }
        throw CommandError.usage("no case has the id \(id); countersign list '\(id)*' shows those that begin with it")
    }

    private func standardInput() throws -> String {
        let data = try FileHandle.standardInput.read(upToCount: Self.mostInput) ?? Data()
        let text = String(decoding: data, as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw CommandError.usage("no text to explain; give it as an argument or on standard input")
        }
        return text
    }

    private static let mostInput = 1 << 20
}
