internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceJudge
internal import ConformanceModel
internal import Foundation
internal import Peers

/// `countersign driver-check`
struct DriverCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "driver-check",
        abstract: "Tests a peer's driver or programs before they play cases.",
        discussion: """
            Exchanges a greeting, plays handshakes that must succeed and handshakes that must be refused in each role, \
            and checks that features which the manifest calls unsupported really are. Profiles apply as in a run.

            Example: countersign driver-check scenarios/peers/python
            """
    )

    @Argument(help: ArgumentHelp("The peer's folder, or its manifest.", valueName: "manifest"))
    var manifest: String

    @Option(help: ArgumentHelp("The folder of scenarios.", valueName: "dir"))
    var scenarios: String?

    @Option(
        help: ArgumentHelp(
            "Where compiled drivers are kept; by default .build/peers in a clone, otherwise countersign/peers in the user's cache.",
            valueName: "dir"
        )
    )
    var peerBuild: String?

    func run() throws {
        let folder = try ScenarioFolder.find(named: scenarios)
        let build = URL(filePath: peerBuild ?? PeerCache.folder()).standardizedFileURL.path(percentEncoded: false)
        let inspection = try PeerInspection([try PeerManifest.load(manifest)], buildFolder: build)
        guard let manifest = inspection.manifests.first else { return }
        let name = manifest.stack.rawValue
        guard let version = inspection.versions[name] else {
            let reason = manifest.lacks.first?.reason ?? "no reason given"
            throw CommandError(message: "\(name): \(reason)", status: .unexpectedResults)
        }
        print("\(name) \(version): \(manifest.title)")
        let catalogue = try Catalogue.load(directory: folder)
        let pairings = manifest.roles.map { role in
            role == .server
                ? Pairing(server: manifest.stack, client: .gnutls) : Pairing(server: .gnutls, client: manifest.stack)
        }
        let replayed = try catalogue.replayed(
            by: pairings,
            globs: Self.globs,
            profiles: catalogue.profiles(for: [manifest])
        )
        let oracle = Oracle()
        let judge = Judge(profiles: ProfileSet(replayed.profiles, versions: inspection.versions))
        let check = try DriverCheck(
            manifest,
            buildFolder: build,
            cases: replayed.cases.map { ($0, oracle.expectation(for: $0)) },
            now: Int64(Date.now.timeIntervalSince1970)
        ) { testCase, expectation, outcome in
            judge.result(of: testCase, expectation: expectation, outcome: outcome, durationMs: 0)
        }
        for finding in check.findings {
            print(finding.problem.map { "WRONG  \(finding.name)\n       \($0)" } ?? "ok     \(finding.name)")
        }
        guard check.isGood else { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private static let globs = [
        "client-auth/credentials/*/none/tls1.?/*", "client-auth/credentials/*/valid/tls1.?/*",
        "client-auth/credentials/*/untrusted-ca/tls1.?/*",
    ]
}
