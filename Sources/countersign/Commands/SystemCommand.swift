internal import ArgumentParser
internal import Campaign
internal import DocumentedSystems
internal import Glibc

/// `countersign system`
struct SystemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "system",
        abstract: "Starts one of the four documented systems, with certificates that are made on the spot.",
        discussion: """
            ergo: two nodes of a cluster. nats: server-main with its clients. http: the HTTPS server of the tutorial with \
            Go's net/http. gateway: an IAM service and the gateway that calls it.

            On a terminal it explains itself and prints the commands to try; in a pipe it prints one line when it is \
            ready, unless --explain is given. Changed certificates in its folder are used for new connections. Ctrl-C \
            and SIGTERM stop it with 0.

            Example: countersign system http

            Example: countersign system nats --folder nats-try --port 4222
            """
    )

    @Argument(help: ArgumentHelp("One of ergo, nats, http, gateway.", valueName: "system"))
    var system: DocumentedSystem

    @Option(
        help: ArgumentHelp(
            "The folder of its certificates and its configuration: a new one, which is filled and kept, or that of an "
                + "earlier start; otherwise a temporary one, which goes at the end.",
            valueName: "dir"
        )
    )
    var folder: String?

    @Option(help: ArgumentHelp("The port of a new configuration; 0 takes a free one.", valueName: "n"))
    var port = 0

    @Flag(help: "Explains and prints the commands in a pipe too.")
    var explain = false

    @Flag(help: "Writes JSON lines: one when it is ready, with all commands, and one for each change of its files.")
    var json = false

    func run() async throws {
        guard (0...65_535).contains(port) else {
            throw CommandError.usage("--port: expected a number from 0 to 65535, found \(port)")
        }
        let (signals, signal) = AsyncStream.makeStream(of: Int32.self)
        try Interruption.catchSignals { signal.yield($0) }
        let folder = try SystemFolder(system, named: folder, port: port)
        defer { folder.remove() }
        let running: RunningSystem
        do {
            running = try await start(folder)
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError.usage("\(error)")
        }
        let output = LineOutput(asJSON: json)
        let guide = SystemGuide(system, folder, port: running.port, events: running.events)
        if json || explain || isatty(STDOUT_FILENO) == 1 {
            output.write(guide)
        } else {
            output.write(SystemLine(event: "ready", text: guide.readyLine))
        }
        let isQuiet = !json && !explain && isatty(STDOUT_FILENO) != 1
        let telling = Task {
            for await change in running.changes where !isQuiet {
                output.write(SystemLine(event: "changed", text: change))
            }
        }
        for await _ in signals { break }
        telling.cancel()
        await running.stop()
    }

    private func start(_ folder: SystemFolder) async throws -> RunningSystem {
        let file = "\(folder.path)/\(system.configurationFile)"
        switch system {
        case .ergo: return try await ErgoSystem.start(file)
        case .nats: return try await NATSSystem.start(folder.path)
        case .http: return try await HTTPSystem.start(file)
        case .gateway: return try await GatewaySystem.start(file)
        }
    }
}

extension DocumentedSystem: ExpressibleByArgument {}

/// A line about something that happened to a system.
private struct SystemLine: Encodable, CustomStringConvertible {
    var event: String
    var text: String

    var description: String { text }
}
