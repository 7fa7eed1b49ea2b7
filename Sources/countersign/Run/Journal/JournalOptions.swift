internal import ArgumentParser

/// The options of a run that can go on after it was killed.
struct JournalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Writes each result to this file as soon as it is there, so that a killed run can go on.",
            valueName: "path"
        )
    )
    var journal: String?

    @Flag(help: "Goes on with the run of --journal: what it holds is not played again.")
    var resume = false

    func validate() throws {
        if resume, journal == nil { throw ValidationError("--resume needs --journal PATH, the journal to go on with") }
    }

    /// - Throws: `CommandError` when the file can't be used, or holds a run that would be lost.
    func opened() throws -> JournalFile? {
        try journal.map { try JournalFile(path: $0, resumes: resume) }
    }
}
