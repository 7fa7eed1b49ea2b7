internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import Foundation
internal import Rehearsal

/// `countersign rehearse`
struct RehearseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Plays a planned rotation stage by stage, and says which stage breaks whom.",
        discussion: """
            The plan names services, the certificates and authorities that each has today, and the stages in which they \
            change. Every call is played as a handshake in memory, with each side before and after its change, and as \
            late as its service may lag. Certificates are files, whose private keys aren't needed, or are only intended \
            and made for the rehearsal. Where a stage breaks a call, an order that breaks nobody is looked for.

            Ends with 0 when no stage breaks anybody, with 1 otherwise, and with 2 for a plan that can't be read.

            Example: countersign rehearse plan.yaml --junit rehearsal.xml
            """
    )

    @Argument(help: ArgumentHelp("The plan, in YAML.", valueName: "plan"))
    var plan: String

    @Option(help: ArgumentHelp("Writes JUnit XML to this file: a suite for each stage.", valueName: "path"))
    var junit: String?

    @Option(help: ArgumentHelp("Writes Markdown to this file.", valueName: "path"))
    var markdown: String?

    @Flag(help: "Prints the result as JSON.")
    var json = false

    func run() throws {
        let text: String
        do {
            text = try String(contentsOfFile: plan, encoding: .utf8)
        } catch {
            throw CommandError.usage("the plan \(plan) can't be read: \(FileReason.of(error))")
        }
        let report: RehearsalReport
        do {
            let plan = try RotationPlan.plan(yaml: text, file: plan)
            report = try RehearsalReport(PlanRehearsal(plan, now: Int64(Date.now.timeIntervalSince1970)))
        } catch let error as RehearsalError {
            throw CommandError.usage(error.description)
        }
        try write(report.junit, to: junit, "--junit")
        try write(report.markdown, to: markdown, "--markdown")
        print(try json ? report.json() : report.text, terminator: "")
        if !report.breaksNobody { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private func write(_ text: String, to path: String?, _ option: String) throws {
        guard let path else { return }
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError.usage("\(option) \(path) can't be written: \(FileReason.of(error))")
        }
    }
}
