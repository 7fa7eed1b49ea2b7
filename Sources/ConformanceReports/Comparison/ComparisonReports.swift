internal import ConformanceModel
internal import FoundationEssentials
internal import Mustache

/// A comparison as Markdown: the sentence, the versions, then each group of changes with one case before and after.
package struct ComparisonMarkdown {
    package let text: String

    package init(_ comparison: ReportComparison) {
        var document = BoundedDocument(limit: MarkdownReport.defaultLimit)
        let state = comparison.isRegression ? "The later run is worse" : "The later run is not worse"
        document.add("# Comparison of two runs\n\n**\(state): \(MarkdownText.cell(comparison.summary))**\n")
        if !comparison.preamble.isEmpty {
            document.add("\n" + comparison.preamble.map { "- \(MarkdownText.cell($0))\n" }.joined())
        }
        document.add(comparison.groups.map { group in { Self.section(group, comparison) } }, noun: "group of changes")
        if !comparison.slowerLines.isEmpty {
            document.add("\n## Slower scenarios\n\n")
            document.add(
                comparison.slowerLines.map { line in { "- \(MarkdownText.cell(line))\n" } },
                noun: "scenario"
            )
        }
        text = document.text
    }

    private static func section(_ group: ChangeGroup, _ comparison: ReportComparison) -> String {
        var text = "\n## \(group.kind.rawValue): \(MarkdownText.cell(group.subject))\n\n"
        text += "\(Count.of(group.changes.count, "case")), \(MarkdownText.cell(group.verdicts))"
        text += "\(MarkdownText.cell(comparison.versionClause(group)))\n\n"
        text += MarkdownText.header(["", "Verdict", "Reason"])
        for (name, verdict, reason) in group.sides {
            text += MarkdownText.row([name, verdict, MarkdownText.cell(reason)])
        }
        text += "\n" + group.changes.prefix(20).map { "- \(MarkdownText.code($0.id))\n" }.joined()
        if group.changes.count > 20 { text += "- and \(Count.of(group.changes.count - 20, "other case"))\n" }
        return text
    }
}

extension ChangeGroup {
    /// The first case before and after.
    fileprivate var sides: [(name: String, verdict: String, reason: String)] {
        [
            ("before", changes[0].before?.rawValue ?? "absent", before ?? ""),
            ("after", changes[0].after?.rawValue ?? "absent", after ?? ""),
        ]
    }
}

/// A comparison as one HTML page that needs nothing else.
package struct ComparisonHTML {
    package let text: String

    package init(_ comparison: ReportComparison) throws {
        text = try MustacheTemplate(string: Self.page).render([
            "style": HTMLStyle.text,
            "state": comparison.isRegression ? "bad" : "good",
            "sentence": SingleLine.each(comparison.summary),
            "preamble": comparison.preamble,
            "groups": comparison.groups.map { group -> [String: Any] in
                [
                    "kind": group.kind.rawValue,
                    "subject": SingleLine.of(group.subject),
                    "count": Count.of(group.changes.count, "case"),
                    "versions": comparison.versionClause(group),
                    "sides": group.sides.map { side in
                        ["name": side.name, "verdict": side.verdict, "reason": SingleLine.of(side.reason)]
                    },
                    "ids": group.changes.prefix(1000).map { SingleLine.of($0.id) },
                ]
            },
            "slower": comparison.slowerLines,
            "hasSlower": !comparison.slowerLines.isEmpty,
        ])
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Comparison of two runs</title>
        <link rel="icon" href="data:,">
        <style>{{{style}}}</style>
        </head>
        <body>
        <header><h1>Comparison of two runs</h1><p class="result {{state}}">{{sentence}}</p>
        <ul>{{#preamble}}<li>{{.}}</li>{{/preamble}}</ul></header>
        <main>
        {{#groups}}<article class="cause"><h2>{{kind}}: {{subject}}</h2><p>{{count}}{{versions}}</p>
        <div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead><tr><th scope="col">Run</th><th scope="col">Verdict</th><th scope="col">Reason</th></tr></thead>
        <tbody>{{#sides}}<tr><th scope="row">{{name}}</th><td>{{verdict}}</td><td>{{reason}}</td></tr>{{/sides}}</tbody></table></div>
        <details><summary>Cases</summary><ul>{{#ids}}<li class="id">{{.}}</li>{{/ids}}</ul></details></article>
        {{/groups}}
        {{#hasSlower}}<h2>Slower scenarios</h2><ul>{{#slower}}<li>{{.}}</li>{{/slower}}</ul>{{/hasSlower}}
        </main>
        </body>
        </html>

        """
}

/// A comparison as JSON, for programs.
package struct ComparisonJSON {
    /// Ends with a newline.
    package let text: String

    package init(_ comparison: ReportComparison) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(File(comparison)), as: UTF8.self) + "\n"
    }

    private struct File: Encodable {
        let schema = 1
        let old: Run
        let new: Run
        let isRegression: Bool
        let summary: String
        let groups: [Group]
        let slower: [Slowdown]
        let counts: [String: Int]

        init(_ comparison: ReportComparison) {
            old = Run(comparison.old)
            new = Run(comparison.new)
            isRegression = comparison.isRegression
            summary = comparison.summary
            groups = comparison.groups.map(Group.init)
            slower = comparison.slower.map {
                Slowdown(scenario: $0.scenario, medianMsBefore: $0.beforeMs, medianMsAfter: $0.afterMs)
            }
            counts = [
                "newlyFailing": comparison.newlyFailing.count, "noLongerPlayed": comparison.unplayed.count,
                "gone": comparison.gone.count, "newlyPassing": comparison.newlyPassing.count,
                "changed": comparison.changed.count, "new": comparison.added.count,
            ]
        }
    }

    private struct Run: Encodable {
        let tool: Tool
        let environment: [String: String]
        let catalogue: String?
        let cases: Int

        init(_ baseline: Baseline) {
            tool = baseline.tool
            environment = baseline.environment
            catalogue = baseline.catalogue
            cases = baseline.verdicts.count
        }
    }

    private struct Group: Encodable {
        let kind: ChangeGroup.Kind
        let subject: String
        let before: Verdict?
        let after: Verdict?
        let reasonBefore: String?
        let reasonAfter: String?
        let cases: [String]

        init(_ group: ChangeGroup) {
            kind = group.kind
            subject = group.subject
            before = group.changes[0].before
            after = group.changes[0].after
            reasonBefore = group.before
            reasonAfter = group.after
            cases = group.changes.map(\.id)
        }
    }

    private struct Slowdown: Encodable {
        let scenario: String
        let medianMsBefore: Double
        let medianMsAfter: Double
    }
}
