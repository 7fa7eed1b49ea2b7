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
            In the parallel jobs of Bazel, GitLab, CircleCI and Buildkite, in an indexed Job of Kubernetes (with \
            COUNTERSIGN_SHARDS) and in a Slurm array, each process plays its part; --shard stands above them, and \
            countersign merge puts the parts together.

            A run with --journal that was killed goes on with --resume, and ends as if it had never been stopped.

            Ctrl-C stops playing; the reports are written all the same, and say that they hold a part of the run.

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
            "Worker processes; as many as there are cores by default, and 1 for a --target, which is spared.",
            valueName: "n"
        )
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "The time that certificates are made for, in seconds since 1970, within 6 hours; the start of the run by default.",
            valueName: "n"
        )
    )
    var now: Int64?

    @Option(help: ArgumentHelp("How much memory one worker may have.", valueName: "MiB"))
    var workerMemory: Int = 1024

    @Option(help: ArgumentHelp("How long one case may take.", valueName: "seconds"))
    var timeout: Int = 10

    @Option(help: "Writes a folder for each case that failed, as reproduce does: failures.")
    var keep: KeptCases?

    @Option(help: ArgumentHelp("Where --keep writes; a folder for each case.", valueName: "dir"))
    var keepDir = "reports/latest/failures"

    @Flag(help: "Stops at the first unexpected result.")
    var failFast = false

    @Flag(help: "Shows no progress, and no summary of a run that went as expected.")
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
        let outcome = try await request.play(say: say, onInterruption: Interruption.catchSignals)
        if keep == .failures {
            try KeptFailures(path: keepDir, catalogue: outcome.catalogue, folder: selection.scenarios)
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
