internal import ArgumentParser
internal import Campaign
internal import ConformanceEngine
internal import ConformanceModel
internal import Foundation
internal import Peers

/// `countersign rotate`
struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Rotates the certificate and the authorities of a real server under a loop of handshakes.",
        discussion: """
            Starts an installed stack with throwaway certificates, lets clients come one after the other, and replaces its \
            files as people do: written in place, renamed, by the swap of a symbolic link, with a key that doesn't match, \
            and the authorities of its clients there and back. For each change it tells whether the server took the files \
            by itself, when told, or not at all, how many handshakes were lost, and what became of connections and \
            sessions from before.

            Ends with 0 when every server took every change without a loss, with 1 otherwise, and with 2 for a stack that \
            isn't there or whose manifest has no rotation. The verdicts rest on counts of handshakes, not on times.

            Example: countersign rotate --peer nginx --out rotation
            """
    )

    @Option(
        help: ArgumentHelp("A server of scenarios/peers, NAME or NAME@VERSION; may be repeated.", valueName: "name")
    )
    var peer: [String] = []

    @Option(help: ArgumentHelp("A manifest of your own; may be repeated.", valueName: "manifest"))
    var subject: [String] = []

    @Option(help: ArgumentHelp("The least handshakes during each change.", valueName: "n"))
    var handshakes = 500

    @Option(help: ArgumentHelp("The version of TLS, 1.2 or 1.3.", valueName: "version"))
    var tls = "1.3"

    @Option(
        help: ArgumentHelp(
            "Writes a page in Markdown and one in JSON for each server into this folder.",
            valueName: "dir"
        )
    )
    var out: String?

    @Option(help: ArgumentHelp("The folder of scenarios.", valueName: "dir"))
    var scenarios: String?

    @Option(help: ArgumentHelp("Where compiled drivers and fetched programs are.", valueName: "dir"))
    var peerBuild: String?

    func run() throws {
        guard let version = ProtocolVersion(rawValue: tls) else {
            throw CommandError.usage("--tls \(tls): expected 1.2 or 1.3")
        }
        guard handshakes > 0 else { throw CommandError.usage("--handshakes \(handshakes): expected 1 or more") }
        guard !peer.isEmpty || !subject.isEmpty else {
            throw CommandError.usage("name a server, for example --peer nginx, or a manifest with --subject")
        }
        let selection = PeerSelection(peer: peer, subject: subject, peerBuild: peerBuild ?? PeerCache.folder())
        let chosen = try selection.manifests(scenarios: try ScenarioFolder.find(named: scenarios))
        let inspection = try PeerInspection(chosen, buildFolder: selection.buildFolder)
        let files = try out.map(RotationFiles.init(checking:))
        var isGood = true
        for manifest in inspection.manifests {
            let name = manifest.stack.rawValue
            guard let found = inspection.versions[name] else {
                throw CommandError.usage("\(name): \(manifest.lacks.first?.reason ?? "it isn't installed")")
            }
            print("\(name) \(found), TLS \(tls)")
            let report = try rotation(of: manifest, in: selection.buildFolder, found, version)
            isGood = isGood && report.isSmooth
            try files?.write(report)
        }
        if !isGood { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }

    private func rotation(
        of manifest: PeerManifest,
        in buildFolder: String,
        _ found: String,
        _ version: ProtocolVersion
    ) throws -> RotationReport {
        let name = manifest.stack.rawValue
        do throws(PlayFailure) {
            let play = try RotationPlay(
                manifest,
                PeerSettings(manifests: [manifest], buildFolder: buildFolder),
                version: version,
                handshakes: handshakes,
                now: Int64(Date.now.timeIntervalSince1970)
            )
            let steps = try play.steps { print("  \($0.change.rawValue): \($0.verdict) (\($0.handshakes) handshakes)") }
            return RotationReport(stack: name, version: found, tls: version, steps: steps)
        } catch {
            switch error {
            case .unsupported(let reason): throw CommandError.usage("\(name): \(reason)")
            case .harness(let reason): throw CommandError(message: "\(name): \(reason)", status: .harnessFault)
            case .stalled(let stall): throw CommandError(message: "\(name): \(stall)", status: .harnessFault)
            case .peer(let fault, _): throw CommandError(message: "\(name): \(fault.words)", status: .unexpectedResults)
            }
        }
    }
}
