package import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
package import ConformanceModel
internal import ConformanceReports
internal import Foundation
internal import Peers

/// A run as its user asks for it.
package struct RunRequest {
    package var selection: CaseSelection
    package var peers: PeerSelection?
    package var live: LiveRequest?
    package var profiles = ProfileUse()
    /// The part of the cases that is played, and where an engine of CI wants to hear of it.
    package var shard: ShardPosition?
    package var files: ReportFiles
    package var interop: InteropFiles?
    package var baseline: RunBaseline
    package var journal: JournalFile?
    /// Nil for as many worker processes as there are cores, and for one where a server is to be spared.
    package var jobs: Int?
    /// The time that certificates are made for, in seconds since 1970; nil for now.
    package var now: Int64?
    /// In MiB.
    package var workerMemory = 1024
    /// In seconds.
    package var timeout = 10
    package var stopsAtUnexpectedResult = false
    package var isQuiet = false

    package init(selection: CaseSelection, files: ReportFiles, baseline: RunBaseline) {
        self.selection = selection
        self.files = files
        self.baseline = baseline
    }

    /// The outcome of a run, before it is concluded.
    package struct Outcome {
        package var end: RunSession.End
        package var report: RunReport
        package var cases: [ConformanceCase]
        package var catalogue: Catalogue
        package var record: RunRecord
    }

    /// Plays.
    ///
    /// - Parameters:
    ///   - say: takes each sentence that a person is to read.
    ///   - onInterruption: is given what is to be done at a signal, with the signal's number.
    package func play(
        say: (String) -> Void,
        onInterruption: (@escaping @Sendable (Int32) -> Void) throws -> Void
    ) async throws -> Outcome {
        let earlier = journal?.earlier
        let time = now ?? earlier?.header?.now
        let peer = try live?.peer(now: time ?? Int64(Date.now.timeIntervalSince1970))
        try peer?.checkIsThere()
        let selected = try selection.select(
            shard: shard,
            earlierSeed: earlier?.header?.seed,
            peers: peers,
            live: peer
        )
        let cases = selected.cases
        let buildFolder = (peers ?? PeerSelection()).buildFolder
        let programs =
            try selected.manifests.isEmpty ? nil : PeerInspection(selected.manifests, buildFolder: buildFolder)
        let versions = try StackRegistry.standard().versions.merging(programs?.versions ?? [:]) { _, program in program
        }
        if let sentence = selected.strength, !isQuiet { say(sentence) }
        let scenarios = try ScenarioFolder.find(named: selection.scenarios)
        // The stacks that the run was asked to judge; others only play the other side.
        let subjects = peers != nil || peer != nil ? selected.manifests.map(\.stack) : []
        let known = ProfileSet(try profiles.profiles(selected.profiles, subjects: subjects), versions: versions)
        let holes = try profiles.holes(besides: scenarios, isDefault: subjects.isEmpty)
        let plan = try RunPlan(cases: cases, profiles: known, knownHoles: holes)
        let record = RunRecord(environment: versions, seed: selected.seed, now: time, plan: selected.plan)
        try record.checkTime()
        var settings = programs.map {
            // A case and its control may each wait for an answer that does not come, and the worker must outlive that.
            PeerSettings(
                manifests: $0.manifests,
                buildFolder: buildFolder,
                patienceMs: timeout * 400,
                live: peer?.material
            )
        }
        if let peer, settings != nil { try peer.prepare(&settings, plan, seed: record.seed, now: record.now) }
        if let note = peer?.note, !isQuiet { say(note) }
        if let peer, !isQuiet {
            say(RunForecast(plan.expected, of: peer.manifests, jobs: jobCount(isLive: true)).sentence)
        }
        try journal?.begin(record.header)
        let played = Set(earlier?.results.map(\.id) ?? [])
        let session = RunSession(
            stopsAtUnexpectedResult: stopsAtUnexpectedResult,
            progress: ProgressLine(total: cases.count - played.count, isShown: !isQuiet && ErrorOutput.isInteractive),
            journal: journal
        )
        try onInterruption { session.stop(.signal($0)) }
        let configuration = RunnerConfiguration(
            jobs: jobCount(isLive: peer != nil),
            seed: record.seed,
            now: record.now,
            deadlineSeconds: timeout,
            // A program inherits the limit of the worker that starts it, and a virtual machine is no case.
            memoryMiB: peers == nil ? workerMemory : max(workerMemory, Self.memoryForPrograms),
            executable: try Executable.required(),
            peers: settings
        )
        var end = await session.play { try await plan.play(configuration, besides: played, onResult: $0) }
        let census = ProfileCensus(profiles: known, knownHoles: holes).outcome(
            of: cases,
            end.results,
            subjects: Set(subjects.filter { !known.knows($0) }),
            isStrict: profiles.isStrict
        )
        try profiles.write(cases, end.results, subjects: subjects, known)
        end.results = census.results
        if end.results.count == cases.count { try journal?.finish() }
        var report = record.report(of: end, planned: cases.count)
        report.profiles = census.profiles
        if report.isComplete {
            report.findings += census.findings
            if selected.plan.expectsEveryRule, selected.plan.shard == nil {
                report.findings += Probing(profiles: known).findings(in: cases)
            }
        }
        if report.isComplete, let settings, peer == nil {
            let named = peers.map { $0.peer.contains("all") ? [] : $0.peer } ?? []
            let subjects = try peers?.subject.map { try PeerManifest.load($0).stack } ?? []
            report.findings += PlayedShare(cases: cases, results: report.cases).findings(settings.manifests) {
                named.contains($0.rawValue) || subjects.contains($0)
            }
        }
        report.options = try RunOptions(
            selection,
            peers,
            live,
            scenarios: ScenarioFolder.find(named: selection.scenarios)
        )
        if report.isComplete, end.cause == nil, end.fault == nil, !files.isEmpty {
            report.failureModes = try await failureModes(selected, end.results, known, holes, configuration)
        }
        try interop?.write(report)
        return Outcome(end: end, report: report, cases: cases, catalogue: selected.catalogue, record: record)
    }

    /// Writes what there is, whatever the end was.
    ///
    /// - Returns: how the process ends.
    package func conclude(_ outcome: Outcome, say: (String) -> Void) throws -> ProcessStatus {
        let (end, report) = (outcome.end, outcome.report)
        try files.write(report, rules: Oracle.ruleDescriptions)
        let comparison = try baseline.conclude(report)
        var status = end.status(of: report)
        if status == .asExpected, comparison?.isRegression == true { status = .unexpectedResults }
        for (stack, name) in live?.subjects ?? [] where !isQuiet || status != .asExpected {
            let summary = SubjectSummary(of: stack, named: name, in: report, rules: Oracle.ruleDescriptions)
            if let summary { say(summary.text) }
        }
        if !isQuiet || status != .asExpected {
            say(TerminalSummary(report, written: files.paths).text)
            if let comparison { say("Against \(baseline.path):\n\(comparison.text)") }
        }
        if let fault = end.fault {
            throw CommandError(message: "the harness failed: \(fault)", status: .harnessFault)
        }
        return status
    }

    /// How the documented failure modes went; nil for a folder of scenarios that has none.
    private func failureModes(
        _ selected: SelectedCases,
        _ results: [CaseResult],
        _ known: ProfileSet,
        _ holes: KnownHoles,
        _ configuration: RunnerConfiguration
    ) async throws -> [FailureModeOutcome]? {
        let folder = try ScenarioFolder.find(named: selection.scenarios)
        guard FileManager.default.fileExists(atPath: "\(folder)/\(FailureModeCatalogue.folderName)") else { return nil }
        let session = FailureModeSession(
            modes: try FailureModeCatalogue.load(directory: folder).modes,
            cases: selected.cases,
            judge: Judge(profiles: known, knownHoles: holes),
            configuration: configuration
        )
        return try await session.outcomes(of: results, isWhole: selected.plan.selection == RunPlanRecord.Selection())
    }

    /// In MiB.
    private static let memoryForPrograms = 16_384
}
