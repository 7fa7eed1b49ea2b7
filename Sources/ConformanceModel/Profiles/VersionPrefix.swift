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
