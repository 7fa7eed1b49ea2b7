internal import ConformanceModel

/// The page's tables, as the template names their parts.
struct HTMLTables {
    struct Cell {
        var text: String
        /// A class of the style sheet: how the worst case of the cell ended.
        var kind: String
        /// A fragment of the page: a filter or a case.
        var link: String
        var label: String
    }

    struct Row {
        var title: String
        var cells: [Cell]
    }

    struct Table {
        var title: String
        var columns: [String]
        var rows: [Row]
        /// Many columns have their titles upright, so that a table of 20 stacks fits a screen.
        var density: String

        init(title: String, columns: [String], rows: [Row]) {
            self.title = title
            self.columns = columns
            self.rows = rows
            density = columns.count > 8 ? "many" : "few"
        }
    }

    /// Server against client, with how many cases ended as expected of how many.
    static func pairings(_ results: [CaseResult]) -> Table {
        let byPairing = Dictionary(grouping: results) { Pairing(server: $0.server, client: $0.client) }
        let clients = Set(results.map(\.client)).sorted()
        let servers = Set(results.map(\.server)).sorted()
        let rows = servers.map { server in
            Row(
                title: server.rawValue,
                cells: clients.map { client in
                    cell(
                        byPairing[Pairing(server: server, client: client), default: []],
                        link: "#server=\(server.rawValue)&client=\(client.rawValue)",
                        "\(server.rawValue) server, \(client.rawValue) client"
                    )
                }
            )
        }
        return Table(title: "Server × client", columns: clients.map(\.rawValue), rows: rows)
    }

    /// Scenario against pairing.
    static func scenarios(_ results: [CaseResult]) -> Table {
        let pairings = Set(results.map { Pairing(server: $0.server, client: $0.client) }).sorted()
        let rows = Dictionary(grouping: results, by: \.scenario).sorted { $0.key < $1.key }.map { scenario, results in
            let byPairing = Dictionary(grouping: results) { Pairing(server: $0.server, client: $0.client) }
            return Row(
                title: scenario,
                cells: pairings.map { pairing in
                    cell(
                        byPairing[pairing, default: []],
                        link: "#q=\(scenario)/&server=\(pairing.server.rawValue)&client=\(pairing.client.rawValue)",
                        "\(scenario), \(pairing.description)"
                    )
                }
            )
        }
        return Table(title: "Scenario × pairing", columns: pairings.map(\.description), rows: rows)
    }

    /// Client authentication mode against credential, one table for each pairing and version.
    static func credentials(_ results: [CaseResult]) -> [Table] {
        let relevant = results.filter { $0.scenario == "client-auth/credentials" && $0.server != $0.client }
        let modes = ClientAuthMode.allCases.map(\.rawValue).filter { mode in
            relevant.contains { $0.axes["clientAuth"] == mode }
        }
        let groups = Dictionary(grouping: relevant) {
            "\($0.server.rawValue) server, \($0.client.rawValue) client, TLS \($0.axes["tls"] ?? "any")"
        }
        return groups.sorted { $0.key < $1.key }.map { title, results in
            let byPoint = Dictionary(grouping: results) { [$0.axes["clientAuth"], $0.axes["credential"]] }
            let credentials = Set(results.compactMap { $0.axes["credential"] }).sorted()
            let rows = credentials.map { credential in
                Row(
                    title: credential,
                    cells: modes.map { mode in outcome(byPoint[[mode, credential]]?.first, "\(mode), \(credential)") }
                )
            }
            return Table(title: title, columns: modes, rows: rows)
        }
    }

    /// The outcome of each moment of a rotation, one table a scenario.
    static func rotations(_ results: [CaseResult]) -> [[String: Any]] {
        RotationTimelines(results).tables.map { table in
            let rows = table.rows.map { row -> [String: Any] in
                let change = row.cells.first ?? ""
                let words = ["\(table.scenario)/"] + row.idParts.map { "/\($0)/" }
                return [
                    "change": change.isEmpty ? table.scenario : change,
                    "cells": Array(row.cells.dropFirst()),
                    "link": "#q=" + words.map(escaped).joined(separator: "%20"),
                ]
            }
            return ["scenario": table.scenario, "titles": RotationTimelines.titles, "rows": rows]
        }
    }

    /// Characters that would end a value of the page's fragment are escaped in it.
    static func escaped(_ text: String) -> String {
        [("%", "%25"), ("&", "%26"), ("#", "%23"), ("+", "%2B"), (" ", "%20")].reduce(text) { text, pair in
            text.split(separator: pair.0, omittingEmptySubsequences: false).joined(separator: pair.1)
        }
    }

    private static func cell(_ results: [CaseResult], link: String, _ label: String) -> Cell {
        guard !results.isEmpty else { return Cell(text: "–", kind: "none", link: "#", label: "\(label): no case") }
        let expected = results.count { $0.verdict.isExpected }
        let deviated = results.count { $0.verdict == .deviated }
        let text =
            expected == results.count
            ? Count.grouped(expected) + (deviated > 0 ? ", \(Count.grouped(deviated)) ≈" : "")
            : "\(Count.grouped(results.count - expected)) of \(Count.grouped(results.count))"
        return Cell(
            text: text,
            kind: expected < results.count ? "bad" : deviated > 0 ? "deviated" : "good",
            link: expected < results.count ? link + "&verdict=unexpected" : link,
            label:
                "\(label): \(Count.of(results.count, "case")), \(Count.grouped(results.count - expected)) unexpected, "
                + "\(Count.grouped(deviated)) deviated"
        )
    }

    private static func outcome(_ result: CaseResult?, _ label: String) -> Cell {
        guard let result else { return Cell(text: "–", kind: "none", link: "#", label: "\(label): no case") }
        var text = result.verdict.rawValue
        if let server = result.observed.server.last, let client = result.observed.client.last {
            text = "\(word(server)) / \(word(client))"
        }
        let kind = !result.verdict.isExpected ? "bad" : result.verdict == .deviated ? "deviated" : "good"
        return Cell(
            text: text,
            kind: kind,
            link: "#case=\(result.id)",
            label: "\(label): \(text), \(result.verdict.rawValue)"
        )
    }

    private static func word(_ side: SideObservation) -> String {
        if side.accepted { return side.verified ? "ok+" : "ok" }
        let alert = (side.alertSent ?? side.alertReceived).map { String($0.rawValue) } ?? "✗"
        return side.noticed == .firstRead ? "\(alert)r" : alert
    }
}

/// The stacks of a run on its page, and what each of them answers otherwise: holes first, then groups of rules.
enum HTMLProfiles {
    /// The values of the template's section; nil for a run that has no profiles.
    static func section(_ report: RunReport) -> [String: Any]? {
        let profiles = (report.profiles ?? [:]).sorted { $0.key < $1.key }.map { (stack: $0.key, profile: $0.value) }
        guard !profiles.isEmpty else { return nil }
        let groups = ProfileGroups(profiles)
        let entries = profiles.flatMap { stack, profile in
            profile.rules.sorted { ($0.value.class, $0.key) < ($1.value.class, $1.key) }.map { rule, entry in
                row(stack, rule, entry)
            }
        }
        let holes = entries.filter { $0["kind"] == "bad" }
        return [
            "holes": holes,
            "hasHoles": !holes.isEmpty,
            "legend": ProfileGroups.legend,
            "groups": groups.names,
            "rows": groups.rows.map { row in
                [
                    "stack": row.stack,
                    "cells": row.cells.map { ["text": $0.text, "kind": kind($0.worst)] },
                    "undecided": row.undecided,
                    "unexplained": row.unexplained,
                    "unexplainedKind": row.unexplained == "0" ? "" : "bad",
                    "nearest": row.nearest,
                ] as [String: Any]
            },
            "entries": entries,
            "hasEntries": !entries.isEmpty,
        ]
    }

    private static func row(_ stack: String, _ rule: String, _ entry: InferredProfile.Otherwise) -> [String: String] {
        [
            "stack": stack, "rule": rule, "class": entry.class.rawValue, "kind": kind(entry.class),
            "answer": entry.answer.rawValue, "side": entry.side?.rawValue ?? "both",
            "cases": Count.grouped(entry.count), "example": entry.cases.first ?? "",
        ]
    }

    private static func kind(_ class: DifferenceClass?) -> String {
        switch `class` {
        case .hole?: "bad"
        case .stricter?, .wording?, .limit?: "deviated"
        case nil: ""
        }
    }
}
