internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import Reproduction

/// `countersign failures`
struct FailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures",
        abstract: "Plays documented failures on the software that has them, and on software that is right.",
        discussion: """
            Releases that are missing are installed into the cache ($XDG_CACHE_HOME/countersign), after a line with the \
            size of each. The affected release must show the failure, and the mended one must not; controls hold on both. \
            Failures of stacks as they are today are played on the programs of this machine.

            With --stack nothing is played: the table tells which documented failures a version has, had, or is free of.

            Ends with 0 when all that was played is as documented, with 1 otherwise, and with 2 when nothing could be \
            played. A release that can't be had is skipped with the reason.

            `countersign failures 'res-*' --offline` plays a part of them on what is installed.

            Example: countersign failures --stack caddy@2.10.2
            """
    )

    @Argument(help: ArgumentHelp("Ids of failure modes, or patterns for them; all without any.", valueName: "glob"))
    var globs: [String] = []

    @Option(
        help: ArgumentHelp("Tells which documented failures this release has; NAME@VERSION.", valueName: "release")
    )
    var stack: String?

    @Flag(help: "Downloads nothing: plays the releases that are installed, and skips the others.")
    var offline = false

    @Flag(help: "Keeps the answers of what was shown in the catalogue, as evidence.")
    var record = false

    @Option(help: ArgumentHelp("Leaves a folder for each failure mode in this one.", valueName: "dir"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; otherwise ./scenarios, or those that were installed with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    func run() throws {
        let folder = try ScenarioFolder.find(named: scenarios)
        let catalogue = try FailureModeCatalogue.load(directory: folder)
        if let stack {
            print(try StackFailures(stack, catalogue.modes).text)
            return
        }
        let patterns = globs.map(IDGlob.init)
        let modes = catalogue.modes.filter { mode in
            mode.releases != nil && (patterns.isEmpty || patterns.contains { $0.matches(mode.id) })
        }
        guard !modes.isEmpty else {
            throw CommandError.usage("no failure mode with releases matches \(globs.joined(separator: ", "))")
        }
        let session = try ReleaseSession(scenarios: folder, downloads: !offline)
        if !offline { try ReleaseInstallation.installMissing(for: modes.compactMap(\.releases), session) }
        var results: [ReleaseResult] = []
        for mode in modes {
            guard let pair = mode.releases else { continue }
            let kept = out.map { Self.absolute("\($0)/\(mode.id)") }
            let result = try session.play(mode, pair, folder: kept, now: Int64(time(nil)))
            if let kept, result.evidence != nil { try ReleaseReadme(result).write(to: kept) }
            LineOutput(asJSON: false).write(FailureLine(text: result.text))
            results.append(result)
            // At once, so that what was shown is kept when a later play is interrupted.
            if record, result.verdict == .shown, let evidence = result.evidence {
                try EvidenceFile.record([evidence], in: EvidenceFile.path(in: folder))
            }
        }
        try finish(results)
    }

    private func finish(_ results: [ReleaseResult]) throws {
        let shown = results.filter { $0.verdict == .shown }
        let skipped = results.count { if case .skipped = $0.verdict { true } else { false } }
        let pairs = shown.filter { !$0.pair.isToday }
        let programs = Set(pairs.map(\.pair.affected.program)).count
        let seconds = results.map(\.milliseconds).reduce(0, +) / 1000
        print(
            "\(pairs.count) shown on the affected and on the mended release, of \(programs) programs; "
                + "\(shown.count - pairs.count) on stacks as they are today; "
                + "\(results.count - shown.count - skipped) otherwise, \(skipped) skipped; \(seconds) s"
        )
        if skipped == results.count { throw ExitCode(ProcessStatus.usage.rawValue) }
        if shown.count + skipped < results.count { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    static func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }
}

/// A line of the command's output.
struct FailureLine: Encodable, CustomStringConvertible {
    var text: String
    var description: String { text }
}
