internal import ArgumentParser
internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

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
            Example: countersign run --subject my/peer.yaml --write-profile my-stack.yaml
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
        let files = try reports.checked(junitByDefault: engine?.junit)
        let interop = try peers.interop.map(InteropFiles.init(checking:))
        let baseline = try baseline.checked()
        try engine?.statusFile.map(touch)
        let journal = try journal.opened()
        let earlier = journal?.earlier
        let time = now ?? earlier?.header?.now
        let live = try live.peer(now: time ?? Int64(Date.now.timeIntervalSince1970))
        let selected = try selection.select(
            shard: selection.shard ?? engine?.shard,
            earlierSeed: earlier?.header?.seed,
            peers: peers,
            live: live
        )
        let cases = selected.cases
        let options = try RunOptions(
            selection,
            peers,
            self.live,
            scenarios: ScenarioFolder.find(named: selection.scenarios)
        )
        let programs =
            try selected.manifests.isEmpty
            ? nil : PeerInspection(selected.manifests, buildFolder: peers.buildFolder)
        let versions = try StackRegistry.standard().versions.merging(programs?.versions ?? [:]) { _, program in program
        }
        if let sentence = selected.strength, !quiet { print(sentence) }
        let scenarios = try ScenarioFolder.find(named: selection.scenarios)
        // The stacks that the run was asked to judge; others only play the other side.
        let subjects = peers.isGiven || live != nil ? selected.manifests.map(\.stack) : []
        let known = ProfileSet(
            try profiles.profiles(selected.profiles, subjects: subjects),
            versions: versions
        )
        let holes = try profiles.holes(besides: scenarios, isDefault: subjects.isEmpty)
        let plan = try RunPlan(cases: cases, profiles: known, knownHoles: holes)
        let record = RunRecord(
            environment: versions,
            seed: selected.seed,
            now: time,
            plan: selected.plan
        )
        try record.checkTime()
        var settings = programs.map {
            // A case and its control may each wait for an answer that does not come, and the worker must outlive that.
            PeerSettings(
                manifests: $0.manifests,
                buildFolder: peers.buildFolder,
                patienceMs: timeout * 400,
                live: live?.material
            )
        }
        if let live, settings != nil { try live.prepare(&settings, plan, seed: record.seed, now: record.now) }
        if let note = live?.note, !quiet { print(note) }
        try journal?.begin(record.header)
        let played = Set(earlier?.results.map(\.id) ?? [])
        let session = RunSession(
            stopsAtUnexpectedResult: failFast,
            progress: ProgressLine(total: cases.count - played.count, isShown: !quiet && ErrorOutput.isInteractive),
            journal: journal
        )
        try Interruption.catchSignals { session.stop(.signal($0)) }
        let configuration = RunnerConfiguration(
            jobs: jobs ?? (live == nil ? ProcessInfo.processInfo.activeProcessorCount : 1),
            seed: record.seed,
            now: record.now,
            deadlineSeconds: timeout,
            // A program inherits the limit of the worker that starts it, and a virtual machine is no case.
            memoryMiB: peers.isGiven ? max(workerMemory, Self.memoryForPrograms) : workerMemory,
            executable: try Executable.required(),
            peers: settings
        )
        var end = await session.play { try await plan.play(configuration, besides: played, onResult: $0) }
        let census = ProfileCensus(profiles: known, knownHoles: holes).outcome(
            of: cases,
            end.results,
            subjects: Set(subjects.filter { !known.knows($0) }),
            isStrict: profiles.strict
        )
        try profiles.write(cases, end.results, subjects: subjects, known)
        end.results = census.results
        if end.results.count == cases.count { try journal?.finish() }
        var report = record.report(of: end, planned: cases.count)
        report.options = options
        report.profiles = census.profiles
        if report.isComplete {
            report.findings += census.findings
            if selected.plan.expectsEveryRule, selected.plan.shard == nil {
                report.findings += Probing(profiles: known).unprobed(in: cases).map {
                    "no case probes the rule \($0.rawValue) alone: add a scenario that does, or remove the rule"
                }
            }
        }
        if report.isComplete, end.cause == nil, end.fault == nil, !files.isEmpty {
            report.failureModes = try await failureModes(selected, end.results, versions, configuration)
        }
        try interop?.write(report)
        if keep == .failures {
            try KeptFailures(path: keepDir, catalogue: selected.catalogue, folder: selection.scenarios)
                .write(report, cases: cases, record: record)
        }
        try conclude(end, report, files, baseline)
    }

    /// How the documented failure modes went; nil for a folder of scenarios that has none.
    private func failureModes(
        _ selected: SelectedCases,
        _ results: [CaseResult],
        _ versions: [String: String],
        _ configuration: RunnerConfiguration
    ) async throws -> [FailureModeOutcome]? {
        let folder = try ScenarioFolder.find(named: selection.scenarios)
        guard FileManager.default.fileExists(atPath: "\(folder)/\(FailureModeCatalogue.folderName)") else { return nil }
        let session = FailureModeSession(
            modes: try FailureModeCatalogue.load(directory: folder).modes,
            cases: selected.cases,
            judge: Judge(
                profiles: ProfileSet(selected.profiles, versions: versions),
                knownHoles: try profiles.holes(besides: folder, isDefault: !peers.isGiven && !live.isGiven)
            ),
            configuration: configuration
        )
        return try await session.outcomes(of: results, isWhole: selected.plan.selection == RunPlanRecord.Selection())
    }

    /// In MiB.
    private static let memoryForPrograms = 16_384

    /// Tells Bazel that the shard was heeded, by the file that it watches for.
    private func touch(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data()) else {
            throw CommandError.usage("can't create \(path), which TEST_SHARD_STATUS_FILE names")
        }
    }

    /// Writes what there is, whatever the end was.
    private func conclude(
        _ end: RunSession.End,
        _ report: RunReport,
        _ files: ReportFiles,
        _ baseline: RunBaseline
    ) throws {
        try files.write(report, rules: Oracle.ruleDescriptions)
        let comparison = try baseline.conclude(report)
        var status = end.status(of: report)
        if status == .asExpected, comparison?.isRegression == true { status = .unexpectedResults }
        if !quiet || status != .asExpected {
            print(TerminalSummary(report, written: files.paths).text, terminator: "")
            if let comparison { print("Against \(baseline.path):\n\(comparison.text)", terminator: "") }
        }
        if let fault = end.fault {
            throw CommandError(message: "the harness failed: \(fault)", status: .harnessFault)
        }
        if status != .asExpected { throw ExitCode(status.rawValue) }
    }
}
