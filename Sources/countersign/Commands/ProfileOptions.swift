internal import ArgumentParser
internal import Campaign

/// The options that name profiles and known holes of a run's subjects.
struct ProfileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Holds the subject to this profile: whatever differs from it fails, and is named.",
            valueName: "file"
        )
    )
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "Writes what the run shows of the subject, for --profile of later runs.",
            valueName: "file"
        )
    )
    var writeProfile: String?

    @Flag(help: "Fails what is stricter than the rules or words a refusal otherwise, and not holes alone.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Goes on with the holes of foreign stacks that this file lists, with their versions and reasons.",
            valueName: "file"
        )
    )
    var knownHoles: String?

    /// The choice as a run takes it.
    var use: ProfileUse {
        ProfileUse(profile: profile, writeProfile: writeProfile, isStrict: strict, knownHoles: knownHoles)
    }
}
