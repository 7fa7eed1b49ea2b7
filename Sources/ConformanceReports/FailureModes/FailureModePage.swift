package import ConformanceModel

/// The documented failure modes as a Markdown page: each with its sources, and how it is shown.
package struct FailureModePage {
    package let text: String

    /// - Parameter report: a run whose cases say how each failure mode went; nil tells of the catalogue alone.
    package init(_ all: [FailureMode], report: RunReport?) {
        let played = all.count { mode in
            if case .reason = mode.play { false } else { true }
        }
        var lines = [
            "# Failure modes", "",
            "\(all.count) documented failure modes; \(played) are played"
                + (played < all.count ? ", and the others say why not." : "."),
            "", "Where the failure itself was seen: \(all.sightSummary).", "",
        ]
        for group in FailureMode.Group.allCases {
            let modes = all.filter { $0.group == group }
            guard !modes.isEmpty else { continue }
            lines += ["## \(group.rawValue)", ""]
            lines += modes.flatMap { Self.section($0, report) }
        }
        text = lines.joined(separator: "\n")
    }

    private static func section(_ mode: FailureMode, _ report: RunReport?) -> [String] {
        var lines = ["### \(mode.id)", "", MarkdownText.cell(mode.title) + ".", ""]
        lines.append("- right: \(MarkdownText.cell(mode.right))")
        lines.append("- in the field: \(MarkdownText.cell(mode.field))")
        lines.append("- seen: \(MarkdownText.cell(mode.sightWords))")
        lines.append("- sources: \(mode.sources.map { "<\($0)>" }.joined(separator: ", "))")
        if let pair = mode.releases {
            lines.append("- release pair: affected \(pair.affected), mended \(pair.mended)")
        }
        switch mode.play {
        case .reason(let reason):
            lines.append("- not played: \(MarkdownText.cell(reason))")
        case .releases: break
        case .cases(let globs, let wrong):
            lines.append("- right half: " + globs.map { "`\($0)`" }.joined(separator: ", ") + outcome(globs, report))
            switch wrong {
            case .mutant(let name): lines.append("- wrong half: the mutant `\(name)` turns cases of it red")
            case .deviation(let stack, let name):
                lines.append("- wrong half: \(stack.rawValue), by what its profile says of `\(name)`")
            }
        }
        return lines + [""]
    }

    private static func outcome(_ globs: [String], _ report: RunReport?) -> String {
        guard let report else { return "" }
        let patterns = globs.map(IDGlob.init)
        let cases = report.cases.filter { result in patterns.contains { $0.matches(result.id) } }
        guard !cases.isEmpty else { return "; not in this run" }
        let red = cases.count { !$0.verdict.isExpected }
        return red == 0 ? "; \(cases.count) cases, all as expected" : "; **\(red) of \(cases.count) cases unexpected**"
    }
}
