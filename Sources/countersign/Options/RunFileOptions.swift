internal import ArgumentParser
internal import Campaign

/// The options that hold a run against an earlier one.
struct BaselineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compares with this baseline, or with these results; a case that got worse ends the run with 1.",
            valueName: "path"
        )
    )
    var baseline: String?

    @Flag(help: "Writes a new baseline after a whole run, to --baseline or reports/baseline.json.")
    var updateBaseline = false

    /// Reads the baseline, or finds its path writable, before anything is played.
    func checked() throws -> RunBaseline {
        let path = baseline ?? RunBaseline.standardPath
        if updateBaseline {
            return RunBaseline(path: path, old: nil, target: try ReportPath(checking: path))
        }
        return RunBaseline(path: path, old: try baseline.map(ResultsFile.readBaseline), target: nil)
    }
}

/// The options of a run that can go on after it was killed.
struct JournalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Writes each result to this file at once, so that a killed run can continue.",
            valueName: "path"
        )
    )
    var journal: String?

    @Flag(help: "Continues the run of --journal; cases in it are not played again.")
    var resume = false

    func validate() throws {
        if resume, journal == nil { throw ValidationError("--resume needs --journal PATH, the journal to go on with") }
    }

    /// - Throws: `CommandError` when the file can't be used, or holds a run that would be lost.
    func opened() throws -> JournalFile? {
        try journal.map { try JournalFile(path: $0, resumes: resume) }
    }
}

/// The options that name profiles and known holes of a run's subjects.
struct ProfileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compares the subject with this profile; any difference fails the run.",
            valueName: "file"
        )
    )
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "Writes the subject's profile, for --profile of later runs.",
            valueName: "file"
        )
    )
    var writeProfile: String?

    @Flag(help: "Also fails a subject that is stricter than the rules or refuses with other alerts.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "A list of known holes of foreign stacks, with versions and reasons; they don't fail the run.",
            valueName: "file"
        )
    )
    var knownHoles: String?

    /// The choice as a run takes it.
    var use: ProfileUse {
        ProfileUse(profile: profile, writeProfile: writeProfile, isStrict: strict, knownHoles: knownHoles)
    }
}

extension RunCommand {
    /// Checks everything that can be checked before anything is played.
    func request(_ engine: ShardEnvironment?) throws -> RunRequest {
        var request = RunRequest(
            selection: selection.choice,
            files: try reports.checked(junitByDefault: engine?.junit),
            baseline: try baseline.checked()
        )
        request.interop = try peers.interop.map(InteropFiles.init(checking:))
        try engine?.announce()
        request.journal = try journal.opened()
        request.peers = peers.selection
        request.live = live.request
        request.profiles = profiles.use
        request.shard = selection.shard ?? engine?.shard
        request.jobs = jobs
        request.now = now
        request.workerMemory = workerMemory
        request.timeout = timeout
        request.stopsAtUnexpectedResult = failFast
        request.isQuiet = quiet
        return request
    }
}

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
