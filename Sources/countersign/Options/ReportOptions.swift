internal import ArgumentParser
internal import Campaign

/// The options that name where reports go; several commands share them.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Writes one HTML page that needs no other file.", valueName: "path"))
    var html: String?

    @Option(help: ArgumentHelp("Writes JUnit XML to this file.", valueName: "path"))
    var junit: String?

    @Option(help: ArgumentHelp("Writes Markdown to this file, kept below 900 KiB.", valueName: "path"))
    var markdown: String?

    @Option(help: ArgumentHelp("Writes the JSON results to this file.", valueName: "path"))
    var json: String?

    @Option(help: ArgumentHelp("Writes SARIF 2.1.0, for code scanning services, to this file.", valueName: "path"))
    var sarif: String?

    @Option(help: ArgumentHelp("Writes the Test Anything Protocol to this file.", valueName: "path"))
    var tap: String?

    @Option(
        help: ArgumentHelp(
            "Adds this run to a file of the last runs, whose trend the HTML and the Markdown show.",
            valueName: "path"
        )
    )
    var history: String?

    @Flag(help: "In GitHub Actions: prints annotations, and adds the Markdown to the step summary.")
    var github = false

    /// Finds every path writable, before anything is played.
    ///
    /// - Parameter junitByDefault: where JUnit XML goes when no option says.
    func checked(junitByDefault: String? = nil) throws -> ReportFiles {
        let paths: [(ReportFiles.Kind, String?)] = [
            (.html, html), (.markdown, markdown), (.junit, junit ?? junitByDefault), (.sarif, sarif), (.tap, tap),
            (.json, json),
        ]
        return try ReportFiles(
            checking: paths.compactMap { kind, path in path.map { (kind, $0) } },
            history: history,
            forGitHub: github
        )
    }
}
