package import ConformanceModel
internal import FoundationEssentials

extension PeerManifest {
    /// Reads the manifest in a folder, `peer.yaml`, or the file itself.
    package static func load(_ path: String) throws(ScenarioError) -> PeerManifest {
        let file = path.hasSuffix(".yaml") ? path : "\(path)/\(fileName)"
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw ScenarioError([.init(file: file, message: "the manifest can't be read as UTF-8: \(error)")])
        }
        let here = FileManager.default.currentDirectoryPath
        let absolute = file.hasPrefix("/") ? file : "\(here)/\(file)"
        let folder = absolute.split(separator: "/").dropLast()
        return try manifest(
            yaml: text,
            file: file,
            name: folder.last.map(String.init) ?? "",
            folder: "/" + folder.joined(separator: "/")
        )
    }

    /// Reads every manifest of a folder of folders, ordered by name; all errors of all files are one error.
    package static func loadAll(in directory: String) throws(ScenarioError) -> [PeerManifest] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw ScenarioError([.init(file: directory, message: "the folder of peers can't be read: \(error)")])
        }
        var manifests: [PeerManifest] = []
        var issues: [ScenarioError.Issue] = []
        for name in names where FileManager.default.fileExists(atPath: "\(directory)/\(name)/\(fileName)") {
            do throws(ScenarioError) {
                manifests.append(try load("\(directory)/\(name)"))
            } catch {
                issues += error.issues
            }
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        return manifests
    }

    /// Reads a manifest from its text.
    ///
    /// - Parameters:
    ///   - file: the name in messages.
    ///   - name: the name that the peer must have.
    ///   - folder: what relative paths are relative to.
    package static func manifest(
        yaml: String,
        file: String,
        name: String,
        folder: String
    ) throws(ScenarioError) -> PeerManifest {
        let log = IssueLog(file: file)
        let reader = PeerManifestReader(log: log, expectedName: name, folder: folder)
        let manifest = YAMLTree.parse(yaml, log: log).map(reader.manifest)
        try log.throwIfAny()
        guard let manifest else {
            throw ScenarioError([.init(file: file, message: "the file has no manifest")])
        }
        return manifest
    }

    package static let fileName = "peer.yaml"
}
