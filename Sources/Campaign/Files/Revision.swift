internal import ConformanceCatalogue
internal import Foundation

/// The revision of the repository that a folder lies in.
package enum Revision {
    /// The revision that the CI engine names, otherwise the one in git's files. Nil outside a repository.
    package static func current(of folder: String, _ variables: [String: String]) -> String? {
        for name in ["GITHUB_SHA", "CI_COMMIT_SHA", "CIRCLE_SHA1", "BUILDKITE_COMMIT"] {
            if let value = variables[name], isRevision(value) { return value }
        }
        var place = URL(filePath: folder).standardizedFileURL
        while place.pathComponents.count > 1 {
            let git = place.appending(path: ".git")
            if FileManager.default.fileExists(atPath: git.path(percentEncoded: false)) { return head(of: git) }
            place.deleteLastPathComponent()
        }
        return nil
    }

    private static func head(of git: URL) -> String? {
        // In a worktree `.git` is a file that names the folder, and the branches lie in the common one.
        var folder = git
        if let text = contents(git), text.hasPrefix("gitdir: ") {
            folder = place(String(text.dropFirst(8)), from: git.deletingLastPathComponent())
        }
        let common = contents(folder.appending(path: "commondir")).map { place($0, from: folder) } ?? folder
        guard let head = contents(folder.appending(path: "HEAD")) else { return nil }
        guard head.hasPrefix("ref: ") else { return isRevision(head) ? head : nil }
        let name = String(head.dropFirst(5))
        if let value = contents(common.appending(path: name)), isRevision(value) { return value }
        let packed = contents(common.appending(path: "packed-refs")) ?? ""
        let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
        return line?.split(separator: " ").first.map(String.init)
    }

    private static func place(_ path: String, from folder: URL) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : folder.appending(path: path)
    }

    private static func contents(_ file: URL) -> String? {
        FileManager.default.contents(atPath: file.path(percentEncoded: false)).map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }

    private static func isRevision(_ text: String) -> Bool {
        text.count >= 40 && text.allSatisfy(\.isHexDigit)
    }
}

/// Everything that tells two builds of this program apart.
package struct BuildRecord: Encodable {
    package let version: String
    /// The commit that an installed program was built from, or that of the clone around a build.
    package let commit: String?
    /// Stack to version, as they are loaded now.
    package let libraries: [String: String]
    package let catalogue: FoundCatalogue?

    package struct FoundCatalogue: Encodable {
        package let digest: String
        package let folder: String
    }

    package init(libraries: [String: String], executable: String? = Executable.path) throws {
        version = Version.text
        self.libraries = libraries
        let folder = try? ScenarioFolder.find(named: nil, executable: executable)
        catalogue = try folder.map { FoundCatalogue(digest: try Catalogue.digest(directory: $0), folder: $0) }
        commit = executable.flatMap(Self.commit)
    }

    /// `scripts/stage` writes the commit beside the catalogue: in the program it would change every build of a clone.
    private static func commit(of executable: String) -> String? {
        let prefix = URL(filePath: executable).deletingLastPathComponent().deletingLastPathComponent()
        let file = prefix.appending(path: "share/countersign/commit").path(percentEncoded: false)
        if let text = FileManager.default.contents(atPath: file) {
            return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return Revision.current(of: prefix.path(percentEncoded: false), [:])
    }

    /// The version on the first line, then a line for each fact.
    package var text: String {
        var lines = ["countersign \(version)", "commit: \(commit ?? "unknown")"]
        lines += libraries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        lines.append("catalogue: " + (catalogue.map { "\($0.digest) in \($0.folder)" } ?? "none found"))
        return lines.joined(separator: "\n")
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
