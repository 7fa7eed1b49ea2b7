/// Text operations on paths, by their bytes; what is a link or a folder is for others to find out.
enum FilePath {
    /// The folder that a path's last component is in, and that component. `.` stands for the working directory.
    static func split(_ path: String) -> (folder: String, name: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return (".", String(trimmed)) }
        let name = trimmed[trimmed.index(after: slash)...]
        let folder = trimmed[..<slash]
        return (folder.isEmpty ? "/" : String(folder), name.isEmpty ? "." : String(name))
    }

    /// A path seen from a folder; an absolute one stays as it is.
    static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if folder == "." { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}
