/// The holes of foreign stacks that a run knows of: they stand first in its reports, and don't end it with 1.
package struct KnownHoles: Hashable, Sendable {
    package struct Hole: Hashable, Sendable {
        package var stack: Stack
        /// The rule that it answers otherwise, or the name of an exception.
        package var rule: String
        /// As prefixes; all when empty.
        package var versions: [String]
        package var reason: String
        package var line: Int

        package init(stack: Stack, rule: String, versions: [String] = [], reason: String, line: Int = 0) {
            self.stack = stack
            self.rule = rule
            self.versions = versions
            self.reason = reason
            self.line = line
        }
    }

    /// The name of the list in a folder of scenarios.
    package static let fileName = "known-holes.yaml"

    package var holes: [Hole] = []

    package init() {}

    package func covers(_ stack: Stack, _ rule: String, version: String?) -> Bool {
        holes.contains { hole in
            hole.stack == stack && hole.rule == rule
                && (hole.versions.isEmpty
                    || version.map { found in
                        hole.versions.contains { VersionPrefix($0).covers(found) }
                    } ?? true)
        }
    }

    /// The holes that a run has looked for and not found: the list is to lose them.
    package func healed(in profiles: [String: InferredProfile], versions: [String: String]) -> [String] {
        holes.filter { hole in
            guard let profile = profiles[hole.stack.rawValue], profile.kept.contains(hole.rule) else { return false }
            return covers(hole.stack, hole.rule, version: versions[hole.stack.rawValue])
        }
        .map {
            "the known hole \($0.rule) of \($0.stack.rawValue) no longer shows: remove it from the list, or narrow its "
                + "versions"
        }
    }
}

extension Profile.Scope {
    /// Whether the entry speaks of this version of its stack; of any where the version is not known.
    package func covers(version: String?) -> Bool {
        guard let version, !versions.isEmpty else { return true }
        return versions.contains { VersionPrefix($0).covers(version) }
    }
}

/// The beginning of a version, which ends where a number ends: `1.2` covers 1.2.9 and not 1.20.
package struct VersionPrefix {
    package var text: String

    package init(_ text: String) {
        self.text = text
    }

    package func covers(_ version: String) -> Bool {
        guard version.hasPrefix(text) else { return false }
        let rest = version.utf8.dropFirst(text.utf8.count)
        return rest.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
    }
}
