internal import ConformanceModel
internal import Foundation

/// The README of a folder that shows a failure mode on both releases, and the comparison side by side.
package struct ReleaseReadme {
    package let text: String
    /// The answers of both releases as a table for a terminal.
    package let comparison: String

    package init(_ result: ReleaseResult) {
        let (mode, pair) = (result.mode, result.pair)
        var lines = [
            "# \(mode.id)", "", "\(mode.title).", "", "- right: \(mode.right)", "- in the field: \(mode.field)",
            "- sources: \(mode.sources.joined(separator: ", "))",
            "- affected: \(pair.affected); mended: \(pair.mended)", "", "## What happened", "",
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
        let heads = ["", "\(pair.affected)", "\(pair.mended)", ""]
        lines += ["| " + heads.joined(separator: " | ") + " |", "|---|---|---|---|"]
        lines += table.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
        lines += [
            "", "## Again, without countersign", "",
            "`affected/` and `mended/` have a folder for each start of the program: its configuration, the certificates "
                + "with their keys in `pki/`, `start.sh`, which starts it in the foreground, `asks.sh`, which asks it "
                + "meanwhile, `output.txt` with what it wrote, and `answers.txt` with what it answered. `ask.py` needs "
                + "Python's standard library alone. The keys are for this alone, and the certificates end after a day.",
            "",
        ]
        text = lines.joined(separator: "\n")
        let rows = [heads] + table
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        comparison = rows.map { row in
            (0..<3).map { row[$0].padding(toLength: widths[$0], withPad: " ", startingAt: 0) }.joined(separator: "  ")
                + (row[3].isEmpty ? "" : "  \(row[3])")
        }.joined(separator: "\n")
    }
}
