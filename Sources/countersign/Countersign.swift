internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import Glibc

/// The command line: parses, runs one command, and ends the process with the exit codes of `ProcessStatus`.
@main
struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Tests mutual TLS: judges servers, clients and TLS stacks, and explains failures.",
        discussion: """
            Plays scenarios between TLS stacks, with certificates made for each case, and checks what both sides observed \
            against rules, each with a citation.

            Example: countersign run 'client-auth/*' --markdown report.md

            Exit codes: 0 everything as expected, 1 unexpected results, 2 wrong usage or a wrong scenario, \
            3 a fault of the harness itself, 130 and 143 interrupted (the reports hold what was played until then).
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, ListCommand.self, ReportCommand.self, CompareCommand.self, MergeCommand.self,
            SelftestCommand.self, VersionCommand.self, ServeCommand.self, ConnectCommand.self, PKICommand.self,
            ExplainCommand.self, DoctorCommand.self, ProbeCommand.self, ReproduceCommand.self, FailuresCommand.self,
            RehearseCommand.self, RotateCommand.self, SystemCommand.self, InstallPeersCommand.self,
            DriverCheckCommand.self, WorkerCommand.self,
        ]
    )

    static func main() async {
        // Without them every command line would be that for help, and a CI step without /proc a green one.
        guard !CommandLine.arguments.isEmpty else {
            end(
                after: CommandError(
                    message:
                        "the arguments can't be read, because /proc isn't mounted; mount it in the chroot or container",
                    status: .harnessFault
                )
            )
        }
        do {
            var command = try await asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end()
        } catch {
            end(after: error)
        }
    }

    /// Ends without the handlers of `exit`: OpenSSL's takes its tables away while threads of connections that were just
    /// closed still use them.
    private static func end() -> Never {
        fflush(nil)
        _exit(ProcessStatus.asExpected.rawValue)
    }

    private static func end(after error: any Error) -> Never {
        switch error {
        case let error as CommandError:
            ErrorOutput.write(SingleLine.each("countersign: \(error.message)\n"))
            Glibc.exit(error.status.rawValue)
        case let error as ScenarioError:
            ErrorOutput.write(SingleLine.each("countersign: \(error)\n"))
            Glibc.exit(ProcessStatus.usage.rawValue)
        case _ where exitCode(for: error) == .validationFailure:
            // The parser's own code is 64 (EX_USAGE), which would be a second code for the same thing.
            ErrorOutput.write(SingleLine.each(fullMessage(for: error) + "\n"))
            Glibc.exit(ProcessStatus.usage.rawValue)
        default:
            exit(withError: error)
        }
    }
}
