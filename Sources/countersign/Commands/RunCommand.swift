internal import ArgumentParser
internal import Campaign
internal import Foundation
internal import Reproduction

/// `countersign run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plays cases and reports how they ended.",
        discussion: """
            Without options the library meets GnuTLS in the whole catalogue. --target judges a running server, \
            --client-trigger a client that a command starts, --peer an installed stack, --subject your own manifest.

            In the parallel jobs of Bazel, GitLab, CircleCI and Buildkite, in an indexed Job of Kubernetes (with \
            COUNTERSIGN_SHARDS) and in a Slurm array, each process plays its share of the cases. --shard takes \
            precedence, and countersign merge combines the results.

            A killed run with --journal continues with --resume; its results equal those of an uninterrupted run.

            Ctrl-C stops the run. The reports are still written, and say that they hold a part of the run.

            Example: countersign run 'client-auth/*' --stack gnutls --seed 7 --json results.json
            Example: countersign run --baseline reports/baseline.json --html report.html --journal run.journal
            Example: countersign run --strength 2 --fail-fast
            Example: countersign run --shard 3/8 --json shard-3.json
            Example: countersign run --peer nginx --known-holes scenarios/known-holes.yaml
            Example: countersign run --target localhost:8443 --mode RequireAndVerifyClientCert --ca ca.crt --issuer-cert ca.crt --issuer-key root.key --write-profile my-server.yaml
            """
    )

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var peers: PeerOptions

    @OptionGroup(title: "Your own server or client") var live: LiveOptions

    @OptionGroup(title: "Profiles") var profiles: ProfileOptions

    @OptionGroup var reports: ReportOptions

    @OptionGroup var baseline: BaselineOptions

    @OptionGroup var journal: JournalOptions

    @Option(
        help: ArgumentHelp(
            "Worker processes; by default one for each core, and 1 for a --target, to spare it.",
            valueName: "n"
        )
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "The time for which certificates are made, in seconds since 1970, within 6 hours; by default the start of the run.",
            valueName: "n"
        )
    )
    var now: Int64?

    @Option(help: ArgumentHelp("How much memory one worker may have.", valueName: "MiB"))
    var workerMemory: Int = 1024

    @Option(help: ArgumentHelp("How long one case may take.", valueName: "seconds"))
    var timeout: Int = 10

    @Option(help: "Writes a folder for each failed case, as reproduce does; the only value is failures.")
    var keep: KeptCases?

    @Option(help: ArgumentHelp("The folder into which --keep writes.", valueName: "dir"))
    var keepDir = "reports/latest/failures"

    @Flag(help: "Stops at the first unexpected result.")
    var failFast = false

    @Flag(help: "Says which connections the run would make, and makes none.")
    var dryRun = false

    @Flag(help: "Shows no progress, and no summary unless a result is unexpected.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); a run needs at least 1 worker process") }
        guard !live.isGiven || !peers.isGiven else {
            throw ValidationError("--target and --client-trigger take no --peer and no --subject beside them")
        }
        guard workerMemory >= 64 else {
            throw ValidationError("--worker-memory is \(workerMemory); a worker needs at least 64 MiB")
        }
        guard timeout >= 1 else { throw ValidationError("--timeout is \(timeout); a case needs at least 1 second") }
    }

    func run() async throws {
        // What the user says stands above what an engine of CI says.
        let engine = try selection.shard == nil ? ShardEnvironment(ProcessInfo.processInfo.environment) : nil
        let request = try request(engine)
        let say: (String) -> Void = { print($0, terminator: $0.hasSuffix("\n") ? "" : "\n") }
        if dryRun { return say(try request.forecast().text) }
        let outcome = try await request.play(say: say, onInterruption: Interruption.catchSignals)
        if keep == .failures {
            try KeptFailures(
                path: keepDir,
                catalogue: outcome.catalogue,
                folder: selection.scenarios,
                client: live.clientTrigger
            )
            .write(outcome.report, cases: outcome.cases, record: outcome.record)
        }
        let status = try request.conclude(outcome, say: say)
        if status != .asExpected { throw ExitCode(status.rawValue) }
    }
}

/// Which cases of a run are written down for others to look into.
enum KeptCases: String, CaseIterable, ExpressibleByArgument {
    case failures
}
