internal import ConformanceModel

/// Command lines of a manifest.
struct PeerCommand {
    let manifest: PeerManifest
    /// Where compiled drivers are.
    let buildFolder: String

    /// Fills in `{folder}`, the manifest's folder, and `{build}`, the stack's folder for what is built.
    func expanded(_ arguments: [String]) -> [String] {
        arguments.map {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var environment: [String: String] {
        manifest.environment.mapValues {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var stackFolder: String { "\(buildFolder)/\(manifest.stack.rawValue)" }
}
