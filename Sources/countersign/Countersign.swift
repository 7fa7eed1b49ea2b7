internal import ArgumentParser

@main
struct Countersign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "A conformance and interoperability harness for mutual TLS.",
        subcommands: [WorkerCommand.self]
    )
}
