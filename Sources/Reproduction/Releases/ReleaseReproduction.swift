package import Campaign
internal import ConformanceCatalogue
internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import Glibc
internal import Peers

/// A failure mode by what a person calls it.
package enum FailureModeChoice {
    /// The failure mode of an id, a CVE or GHSA number, or words of a title; nil where the text is the id of a case.
    package static func mode(_ text: String, _ modes: [FailureMode]) throws -> FailureMode? {
        guard !text.contains("/") else { return nil }
        let wanted = text.lowercased()
        if let mode = modes.first(where: { $0.id == text || $0.aliases.contains { $0.lowercased() == wanted } }) {
            return mode
        }
        let words = wanted.split(separator: " ")
        let found = modes.filter { mode in
            let known = ([mode.id, mode.title] + mode.aliases + mode.sources).joined(separator: " ").lowercased()
            return !words.isEmpty && words.allSatisfy { known.contains($0) }
        }
        switch found.count {
        case 1: return found[0]
        case 0: return nil
        default:
            let names = found.prefix(12).map(\.id).joined(separator: ", ")
            throw CommandError.usage("“\(text)” is in \(found.count) failure modes: \(names); give the id of one")
        }
    }
}

/// Plays a failure mode on both of its releases, and leaves a folder with which a person repeats it.
package struct ReleaseReproduction {
    package let mode: FailureMode
    package let scenarios: String
    package let offline: Bool

    package init(mode: FailureMode, scenarios: String, offline: Bool) {
        self.mode = mode
        self.scenarios = scenarios
        self.offline = offline
    }

    /// Prints what happened side by side; the status is that of the process.
    package func write(to out: String) throws -> ProcessStatus {
        guard let pair = mode.releases else { throw CommandError.usage(Self.otherwise(mode)) }
        let session = try ReleaseSession(scenarios: scenarios, downloads: !offline)
        for release in offline ? [] : try session.missing(for: [pair]) { print(try session.announcement(of: release)) }
        let folder = URL(filePath: out).standardizedFileURL.path(percentEncoded: false)
        let result = try session.play(mode, pair, folder: folder, now: Int64(time(nil)))
        if case .skipped(let reason) = result.verdict {
            throw CommandError.usage("\(mode.id) can't be played: \(reason)")
        }
        let readme = ReleaseReadme(result)
        try readme.write(to: folder)
        print("\(mode.id): \(mode.title)\n\n\(readme.comparison)\n")
        switch result.verdict {
        case .shown:
            let words = pair.isToday ? "right on" : "mended in"
            print("shown on \(readme.releases[0]), \(words) \(readme.releases[1]); read \(out)/README.md")
            return .asExpected
        case .otherwise(let mismatches):
            for mismatch in mismatches { print("\(mismatch)") }
            return .unexpectedResults
        case .skipped: return .usage
        }
    }

    /// The next step for a failure mode that has no releases.
    private static func otherwise(_ mode: FailureMode) -> String {
        switch mode.play {
        case .cases(let globs, _):
            "\(mode.id) is played by cases and not on releases: countersign list '\(globs.first ?? "")' shows them, and "
                + "countersign reproduce takes the id of one"
        case .reason(let reason): "\(mode.id) is not played: \(reason)"
        case .releases: "\(mode.id) has no releases"
        }
    }
}

/// The README of a folder that shows a failure mode on both releases, and the comparison side by side.
package struct ReleaseReadme {
    package let text: String
    /// The answers of both releases as a table for a terminal.
    package let comparison: String
    /// The affected and the mended release, in the versions that were played.
    package let releases: [String]

    package init(_ result: ReleaseResult) {
        let (mode, pair) = (result.mode, result.pair)
        releases =
            result.evidence.map { [$0.affected.release, $0.mended.release] } ?? ["\(pair.affected)", "\(pair.mended)"]
        var lines = [
            "# \(mode.id)", "", "\(mode.title).", "", "- right: \(mode.right)", "- in the field: \(mode.field)",
            "- sources: \(mode.sources.joined(separator: ", "))",
            "- \(pair.word(for: .affected)): \(releases[0]); \(pair.word(for: .mended)): \(releases[1])", "",
            "## What happened", "",
        ]
        var table: [[String]] = []
        if let evidence = result.evidence {
            let answers = [evidence.affected, evidence.mended].map { half in
                Dictionary(half.answers.map { ("\($0.stage)\u{0}\($0.ask)", $0.outcome) }) { $1 }
            }
            for stage in pair.stages {
                for ask in stage.asks {
                    let key = "\(stage.name)\u{0}\(ask.name)"
                    let name = stage.name.isEmpty ? ask.name : "\(stage.name): \(ask.name)"
                    table.append([name] + answers.map { $0[key] ?? "no answer" } + [ask.isControl ? "control" : ""])
                }
            }
        }
        let heads =
            [""] + (releases[0] == releases[1] ? ["\(releases[0]), wrong", "\(releases[1]), right"] : releases) + [""]
        lines += ["| " + heads.joined(separator: " | ") + " |", "|---|---|---|---|"]
        lines += table.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
        lines += [
            "", "## Again, without countersign", "",
            "`affected/` and `mended/` have a folder for each start of the program: its configuration, the certificates "
                + "with their keys in `pki/`, `start.sh`, which starts it in the foreground, `output.txt` with what it "
                + "wrote, and `answers.txt` with what it answered. The keys are for this alone, and the certificates end "
                + "after a day; `countersign reproduce \(mode.id)` makes new ones.",
            "",
        ]
        lines += Self.hints(pair)
        text = lines.joined(separator: "\n")
        let rows = [heads] + table
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        comparison = rows.map { row in
            (0..<3).map { row[$0].padding(toLength: widths[$0], withPad: " ", startingAt: 0) }.joined(separator: "  ")
                + (row[3].isEmpty ? "" : "  \(row[3])")
        }.joined(separator: "\n")
    }

    package func write(to folder: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/README.md"))
    }

    /// The next steps, which depend on whether there is a server to ask.
    private static func hints(_ pair: ReleasePair) -> [String] {
        guard case .serve = pair.command else {
            return [
                "The program has both ends of its connections: `start.sh` makes them, and prints each question with its "
                    + "outcome. They cross the loopback interface where the program opens sockets, so that "
                    + "`tcpdump -i lo -w play.pcap tcp` records them meanwhile.", "",
            ]
        }
        return [
            "`asks.sh` asks the server that `start.sh` has started, from another terminal; `ask.py` needs Python's standard "
                + "library alone. `capture/` has a capture of each question, in their order, with the secrets of its "
                + "session: Wireshark shows the messages in plain text "
                + "(`tshark -r capture/1.pcapng -V`).", "",
        ]
    }
}
