internal import ConformanceModel

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
