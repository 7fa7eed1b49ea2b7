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
        abstract:
            "Writes a self-contained folder that reproduces a case, or a documented failure, without countersign.",
        discussion: """
            The folder has the certificates and keys, the settings and commands of both sides, a capture with its \
            secrets, the flights as text, an explanation, and a script that plays the case with openssl alone. The keys \
            are throwaway, and their files have mode 0600.

            A documented failure is named by its id, its CVE or GHSA number, or words of its title. It is played on the \
            release that had it and on the one that mended it, which are installed into the cache first: \
            `countersign reproduce CVE-2026-27586 --out missing-ca`.

            Example: countersign reproduce client-auth/credentials/RequireAndVerify/expired/tls1.3/countersign/gnutls
            """
    )

    @Argument(help: ArgumentHelp("The whole id of one case, or a documented failure.", valueName: "case-or-failure"))
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

    @Flag(help: "Downloads nothing: releases of a documented failure must be installed.")
    var offline = false

    @Flag(help: "Writes into a folder that isn't empty, and replaces files of the same names.")
    var force = false

    func run() throws {
        let folder = try ScenarioFolder.find(named: scenarios)
        let modes = try FailureModeCatalogue.load(directory: folder)
        if let mode = try FailureModeChoice.mode(id, modes.modes) {
            try refuseUsedFolder()
            let status = try ReleaseReproduction(mode: mode, scenarios: folder, offline: offline).write(to: out)
            if status != .asExpected { throw ExitCode(status.rawValue) }
            return
        }
        try refuseUsedFolder()
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
            failureModes: modes
        )
        let result = try reproduction.write(
            seed: seed ?? UInt64.random(in: 0..<(1 << 53)),
            now: Int64(time(nil))
        )
        print("\(out): \(result.verdict.rawValue); read \(out)/README.md, or run \(out)/replay.sh")
    }

    private func refuseUsedFolder() throws {
        // Files of another case beside these would be taken for theirs.
        guard force || ((try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []).isEmpty else {
            throw CommandError.usage("\(out): expected a new or empty folder; choose another one, or give --force")
        }
    }
}
