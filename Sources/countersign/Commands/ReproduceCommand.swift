internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import Reproduction

/// `countersign reproduce`
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Writes a self-contained folder that reproduces a case without countersign.",
        discussion: """
            The folder has the certificates and keys, the settings and commands of both sides, a capture with its \
            secrets, the flights as text, an explanation, and a script that plays the case with openssl alone. The keys \
            are throwaway, and their files have mode 0600.

            Example: countersign reproduce client-auth/credentials/RequireAndVerify/expired/tls1.3/countersign/gnutls
            """
    )

    @Argument(help: ArgumentHelp("The whole id of one case.", valueName: "case-id"))
    var id: String

    @Option(
        help: ArgumentHelp(
            "The folder to write, new or empty.",
            valueName: "dir"
        )
    )
    var out = "reproduction"

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; by default the catalogue that came with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Makes serial numbers repeatable; random by default.", valueName: "n"))
    var seed: UInt64?

    @Flag(help: "Writes into a folder that isn't empty, and replaces files of the same names.")
    var force = false

    func run() throws {
        // Files of another case beside these would be taken for theirs.
        guard force || ((try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []).isEmpty else {
            throw CommandError.usage("\(out): expected a new or empty folder; choose another one, or give --force")
        }
        let folder = try ScenarioFolder.find(named: scenarios)
        let catalogue = try Catalogue.load(directory: folder)
        let chosen = try catalogue.select(globs: [id])
        guard let testCase = chosen.first(where: { $0.id == id }) else {
            throw CommandError.usage(
                "\(id) is the start of \(chosen.count) ids, such as \(chosen[0].id); give the whole id of one case"
            )
        }
        let reproduction = ReproductionFolder(
            path: out,
            testCase: testCase,
            profiles: catalogue.profiles,
            failureModes: try FailureModeCatalogue.load(directory: folder)
        )
        let result = try reproduction.write(
            seed: seed ?? UInt64.random(in: 0..<(1 << 53)),
            now: Int64(time(nil))
        )
        print("\(out): \(result.verdict.rawValue); read \(out)/README.md, or run \(out)/replay.sh")
    }
}
