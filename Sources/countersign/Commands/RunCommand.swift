internal import ArgumentParser
internal import Conformance
internal import ConformanceEngine
internal import ConformanceReports
internal import Foundation

/// `countersign run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plays cases and reports how they ended.",
        discussion: """
            Ctrl-C stops playing; the reports are written all the same, and say that they hold a part of the run.

            Example: countersign run 'client-auth/*' --stack gnutls --seed 7 --json results.json
            """
    )

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var peers: PeerOptions

    @OptionGroup var reports: ReportOptions

    @Option(help: ArgumentHelp("Worker processes; as many as there are cores by default.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Makes serial numbers and choices repeatable; random by default.", valueName: "n"))
    var seed: UInt64?

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
        guard jobs >= 1 else { throw ValidationError("--jobs is \(jobs); a run needs at least 1 worker process") }
        guard timeout >= 1 else { throw ValidationError("--timeout is \(timeout); a case needs at least 1 second") }
    }

    func run() async throws {
        let files = try reports.checked()
        let interop = try peers.interop.map(InteropFiles.init(checking:))
        let (catalogue, cases, programs) = try chosen()
        let versions = try StackRegistry.standard().versions.merging(programs?.versions ?? [:]) { _, program in program
        }
        let plan = try RunPlan(cases: cases, deviations: catalogue.deviations, versions: versions)
        let record = RunRecord(
            environment: versions,
            // Readers of JSON that know doubles alone keep integers below 2^53.
            seed: seed ?? UInt64.random(in: 0..<(1 << 53)),
            expectsEveryRule: selection.isWhole && !peers.isGiven
        )
        let session = RunSession(
            stopsAtUnexpectedResult: failFast,
            progress: ProgressLine(total: cases.count, isShown: !quiet && ErrorOutput.isInteractive)
        )
        try Interruption.catchSignals { session.stop(.signal($0)) }
        let configuration = RunnerConfiguration(
            jobs: jobs,
            seed: record.seed,
            now: record.now,
            deadlineSeconds: timeout,
            executable: try Executable.required(),
            // A case and its control may each wait for an answer that does not come, and the worker must outlive that.
            peers: programs.map {
                PeerSettings(manifests: $0.manifests, buildFolder: peers.buildFolder, patienceMs: timeout * 400)
            }
        )
        let end = await session.play { try await plan.play(configuration, onResult: $0) }
        let report = record.report(of: end, planned: cases.count)
        try interop?.write(report)
        if keep == .failures {
            try KeptFailures(path: keepDir, catalogue: catalogue, folder: selection.scenarios)
                .write(report, cases: cases, record: record)
        }
        try conclude(end, report, files)
    }

    /// The cases, and the stacks among theirs that play as programs, as they are found on this machine.
    private func chosen() throws -> (Catalogue, [ConformanceCase], PeerInspection?) {
        guard peers.isGiven else {
            let (catalogue, cases) = try selection.select()
            return (catalogue, cases, nil)
        }
        let (catalogue, cases, manifests) = try selection.select(peers)
        return (catalogue, cases, try PeerInspection(manifests, buildFolder: peers.buildFolder))
    }

    /// Writes what there is, whatever the end was.
    private func conclude(_ end: RunSession.End, _ report: RunReport, _ files: ReportFiles) throws {
        try files.write(report, rules: Oracle.ruleDescriptions)
        let status = end.status(of: report)
        if !quiet || status != .asExpected {
            print(TerminalSummary(report, written: files.paths).text, terminator: "")
        }
        if let fault = end.fault {
            throw CommandError(message: "the harness failed: \(fault)", status: .harnessFault)
        }
        if status != .asExpected { throw ExitCode(status.rawValue) }
    }
}
