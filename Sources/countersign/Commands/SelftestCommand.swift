internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// `countersign selftest`
struct SelftestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Breaks the library on purpose, one way at a time, and shows which cases notice.",
        discussion: """
            Each mutant changes one decision of the library. A released program has no mutants: `make selftest` builds \
            one with mutants into .build/selftest and runs it. A case kills a mutant when it fails with the mutant and \
            passes without it. Ends with 1 when a mutant survives. Rules that helped to kill no mutant are listed.

            Example: countersign selftest --strength all --enough 0 --json mutants.json
            Example: countersign selftest --mutant ignoreExpiry --enough 0 'client-auth/*'
            """
    )

    @OptionGroup var selection: SelectionOptions

    @Option(help: ArgumentHelp("Only this mutant; may be repeated.", valueName: "name"))
    var mutant: [String] = []

    @Option(
        help: ArgumentHelp(
            "Stops playing a mutant after this many kills; 0 plays every case in which it can show.",
            valueName: "n"
        )
    )
    var enough: Int = 10

    @Option(help: ArgumentHelp("Worker processes; by default one for each core.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Writes the mutants and the cases that kill them to this file.", valueName: "path"))
    var json: String?

    func validate() throws {
        guard jobs >= 1 else { throw ValidationError("--jobs is \(jobs); a run needs at least 1 worker process") }
        guard enough >= 0 else { throw ValidationError("--enough is \(enough); it is a number of kills, or 0 for all") }
    }

    func run() async throws {
        let file = try json.map(ReportPath.init(checking:))
        let known = StackRegistry.libraryMutants
        guard !known.isEmpty else {
            throw CommandError.usage(
                "this build has no mutants, as a program for use should: `make selftest` builds one that has, and runs it"
            )
        }
        for name in mutant where !known.contains(name) {
            throw CommandError.usage("the library has no mutant named \(name); it has \(known.joined(separator: ", "))")
        }
        let selected = try selection.choice.select(shard: selection.shard, defaultStrength: .ways(2))
        let cases = selected.cases.filter {
            [$0.pairing.server, $0.pairing.client].contains(.countersign) && $0.pairing.programs.isEmpty
        }
        guard !cases.isEmpty else {
            throw CommandError.usage(
                "countersign plays a side in none of the chosen cases, so no mutant could be noticed"
            )
        }
        if let sentence = selected.strength { print(sentence) }
        let versions = try StackRegistry.standard().versions
        let session = SelftestSession(
            cases: cases,
            mutants: mutant.isEmpty ? known : known.filter(mutant.contains),
            enough: enough,
            judge: Judge(profiles: ProfileSet(selected.catalogue.profiles, versions: versions)),
            configuration: RunnerConfiguration(
                jobs: jobs,
                seed: selected.seed,
                now: Int64(Date.now.timeIntervalSince1970),
                executable: try Executable.required()
            )
        )
        let isWatched = ErrorOutput.isInteractive
        let found = try await session.run { number, total, mutants in
            guard isWatched else { return }
            ErrorOutput.write("\r\u{1B}[Kwave \(number) of \(total), with \(mutants) mutants")
        }
        if isWatched { ErrorOutput.write("\r\u{1B}[K") }
        let report = SelftestReport(
            tool: Tool(name: "countersign", version: Version.text),
            environment: versions,
            seed: selected.seed,
            strength: selected.plan.selection.strength,
            cases: cases.count,
            mutants: found.mutants,
            rulesWithoutKill: found.rulesWithoutKill,
            unexpectedWithoutMutant: found.unexpected
        )
        try file?.write(report.json())
        print(report.text, terminator: "")
        if !report.isAsExpected { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }
}
