internal import ConformanceCatalogue
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The stages of a plan as they were played, for people and for programs.
package struct RehearsalReport: Sendable, Encodable {
    /// The version of this document.
    package let schema = 1
    package let plan: String
    package let stages: [PlanRehearsal.StageResult]
    /// Stages that break nobody; nil where the plan itself is good, or none was found.
    package let order: [Step]?

    package struct Step: Sendable, Hashable, Encodable {
        package let name: String
        /// Service, setting and new value, as the plan writes them.
        package let changes: [String]
    }

    private enum CodingKeys: String, CodingKey {
        case schema, plan, stages, order
    }

    package init(_ rehearsal: PlanRehearsal) throws {
        plan = rehearsal.plan.name
        stages = try rehearsal.results()
        let isGood = stages.allSatisfy(\.breaks.isEmpty)
        order = try isGood ? nil : SafeOrder(rehearsal).stages().map { $0.map(Step.init) }
    }

    package var breaksNobody: Bool { stages.allSatisfy(\.breaks.isEmpty) }

    /// A line for each stage, the calls that break below it, and the order that breaks nobody.
    package var text: String {
        var lines = [
            "\(SingleLine.of(plan)): \(stages.count - 1) stages, \(stages.map(\.calls).reduce(0, +)) calls played"
        ]
        for stage in stages {
            let end = stage.breaks.isEmpty ? "ok" : "breaks \(Self.broken(stage))"
            lines.append("  \(Self.title(stage)): \(end)")
            lines += stage.breaks.flatMap { ["    " + Self.sentence($0)] + Self.why($0).map { "      " + $0 } }
        }
        lines += [""] + advice
        return lines.joined(separator: "\n") + "\n"
    }

    package var markdown: String {
        var lines = ["# Rehearsal: \(Self.cell(plan))", ""]
        lines += breaksNobody ? ["No stage breaks anybody."] : ["**\(Self.cell(advice[0]))**"]
        lines += ["", "| stage | calls played | breaks |", "| --- | ---: | --- |"]
        lines += stages.map { stage in
            let breaks = stage.breaks.isEmpty ? "nobody" : Self.broken(stage)
            return "| \(Self.cell(Self.title(stage))) | \(stage.calls) | \(Self.cell(breaks)) |"
        }
        for stage in stages where !stage.breaks.isEmpty {
            lines += ["", "## \(Self.cell(Self.title(stage)))", ""]
            lines += stage.breaks.map { found in
                "- " + Self.cell(([Self.sentence(found)] + Self.why(found)).joined(separator: " "))
            }
        }
        if let order {
            lines += ["", "## An order that breaks nobody", ""]
            lines += order.enumerated().map { index, step in
                "\(index + 1). " + Self.cell(step.changes.isEmpty ? step.name : step.changes.joined(separator: "; "))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A suite for each stage, a test case for each pair of services that the stage breaks, and one for the stage.
    package var junit: String {
        JUnitChecks(
            "countersign rehearse",
            type: "broken-call",
            suites: stages.map { stage in
                let failures = Dictionary(grouping: stage.breaks) { "\($0.caller) calls \($0.called)" }
                let failed = failures.sorted { $0.key < $1.key }.map { pair, breaks in
                    JUnitChecks.Check(
                        name: pair,
                        failure: breaks.flatMap { [Self.sentence($0)] + Self.why($0) }.joined(separator: "\n")
                    )
                }
                let whole = JUnitChecks.Check(name: "nobody else breaks", failure: nil)
                return (Self.title(stage), failed + [whole])
            }
        ).text
    }

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// The last words: all is well, or the change to move and an order to follow.
    private var advice: [String] {
        if breaksNobody { return ["No stage breaks anybody."] }
        if let first = stages.first, !first.breaks.isEmpty {
            return ["Calls fail today, before the plan begins: mend those first, the stages can't be judged before."]
        }
        guard let order else {
            return [
                "No order of these changes breaks nobody: some certificate is presented that the last bundles don't take."
            ]
        }
        return ["This order breaks nobody:"]
            + order.enumerated().map { index, step in
                "  \(index + 1). " + (step.changes.isEmpty ? step.name : step.changes.joined(separator: "; "))
            }
    }

    private static func title(_ stage: PlanRehearsal.StageResult) -> String {
        stage.number == 0 ? "today" : "stage \(stage.number), \(SingleLine.of(stage.name, limit: 200))"
    }

    private static func broken(_ stage: PlanRehearsal.StageResult) -> String {
        var pairs: [String] = []
        for found in stage.breaks {
            let pair = "\(found.caller) → \(found.called)"
            if !pairs.contains(pair) { pairs.append(pair) }
        }
        return pairs.joined(separator: ", ")
    }

    private static func sentence(_ found: PlanRehearsal.Break) -> String {
        let (refusing, other) =
            found.refusing == .caller ? (found.caller, found.called) : (found.called, found.caller)
        let moment =
            "\(found.caller) after stage \(found.callerStage), \(found.called) after stage \(found.calledStage)"
        let count = found.count == 1 ? "" : "; \(found.count) handshakes like it"
        return "\(found.caller) → \(found.called): \(refusing) refuses \(other), \(SingleLine.of(found.message)) "
            + "(\(found.reason); \(moment)\(count))"
    }

    private static func why(_ found: PlanRehearsal.Break) -> [String] {
        guard let cause = found.cause else { return [] }
        let word =
            switch cause.kind {
            case .earlyRetirement: "retired too early"
            case .earlyCertificate: "presented too early"
            case .earlyMode: "required too early"
            case .time: "out of its time"
            }
        return ["\(word): \(cause.sentence)"]
    }

    private static func cell(_ text: String) -> String {
        SingleLine.of(text).replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}

extension RehearsalReport.Step {
    init(_ stage: RotationPlan.Stage) {
        name = stage.name
        changes = stage.changes.map { change in
            let list = { (names: [String]) in names.isEmpty ? "nothing" : names.joined(separator: ", ") }
            if let trusts = change.trusts { return "\(change.service) trusts \(list(trusts))" }
            if let presents = change.presents { return "\(change.service) presents \(list(presents))" }
            return "\(change.service) has client-auth \(change.clientAuth?.rawValue ?? "")"
        }
    }
}
