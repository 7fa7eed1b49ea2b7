package import ConformanceCatalogue
package import ConformanceModel
internal import Foundation

/// The cases that every stack is put through when none are named: scenarios/peers/selection.txt.
package enum InteropSelection {
    /// One pattern a line; empty lines and those that begin with `#` are left out.
    package static func load(beside scenarios: String) throws -> [String] {
        let path = "\(scenarios)/peers/selection.txt"
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError.usage(
                "name cases, for example 'client-auth/credentials': \(path), which lists those of a run without "
                    + "names, can't be read: \(FileReason.of(error))"
            )
        }
        let patterns = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !patterns.isEmpty else { throw CommandError.usage("\(path) has no pattern") }
        return patterns
    }
}

extension Catalogue {
    /// The profiles of the stacks in process and of these, with that of an implementation under each of its names, and
    /// those that they include.
    package func profiles(for manifests: [PeerManifest]) -> [Profile] {
        var result = profiles.filter { profile in
            !manifests.contains { $0.stack == profile.stack && $0.implementation != $0.stack }
        }
        for manifest in manifests where manifest.implementation != manifest.stack {
            var own = Profile(stack: manifest.stack)
            if let stated = profiles.first(where: { $0.stack == manifest.stack }) {
                own = stated
            } else if let implemented = profiles.first(where: { $0.stack == manifest.implementation }) {
                own = implemented.renamed(manifest.stack)
            }
            result.append(own)
        }
        return result
    }
}
