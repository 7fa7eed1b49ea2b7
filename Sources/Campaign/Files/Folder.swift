internal import Glibc

/// A folder that a report is to lie in.
package enum Folder {
    /// Creates the folder and those above it that are missing, like `mkdir -p`.
    ///
    /// Foundation's own way keeps no errno, and the reason is what the user needs.
    /// - Throws: `CommandError` with the folder and the system's reason.
    package static func create(_ path: String) throws {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        let code = errno
        guard code == ENOENT, let parent = parent(of: path) else {
            throw CommandError.usage("can't create the folder \(path): \(String(cString: strerror(code)))")
        }
        try create(parent)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw CommandError.usage("can't create the folder \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// The folder that holds this path, or nil for a bare name and the root.
    package static func parent(of path: String) -> String? {
        var name = path[...]
        while name.last == "/" { name.removeLast() }
        guard let slash = name.lastIndex(of: "/") else { return nil }
        let parent = String(name[..<slash])
        return parent.isEmpty ? nil : parent
    }
}
