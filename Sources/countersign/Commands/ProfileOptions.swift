internal import ArgumentParser
internal import Campaign

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
