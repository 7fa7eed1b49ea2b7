internal import Glibc

/// One reading's view of the file system: every folder is opened once, and all files in it come from that folder.
///
/// Kubernetes swaps secrets by replacing the link `..data`, through which every file of the volume is reached. Two
/// files opened by their paths could come from both sides of the swap. Here the folder behind `..data` is opened
/// once, so they come from one side, whatever the link says meanwhile. The same holds for a linked folder.
struct FolderSnapshot {
    private var folders: [String: Descriptor] = [:]

    /// Reads a file.
    mutating func read(_ path: String, _ kind: FileKind) throws(MutualTLSFilesError) -> FileContent {
        let file = try OpenFile(path, kind, open(path, kind))
        if let refusal = file.refusalAsFile { throw refusal }
        return try file.content()
    }

    /// Reads a file, or the files of a folder in the order of their names.
    mutating func readAll(_ path: String, _ kind: FileKind) throws(MutualTLSFilesError) -> [FileContent] {
        let descriptor = try open(path, kind)
        let file = try OpenFile(path, kind, descriptor)
        guard file.isFolder else {
            if let refusal = file.refusalAsFile { throw refusal }
            return [try file.content()]
        }
        folders[path] = descriptor
        let names = try file.names().filter(kind.includes).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else {
            throw MutualTLSFilesError(
                .emptyFolder,
                at: [path],
                expected: "a folder with \(kind.expectation) in files named \(kind.fileNames)",
                found: "no file with such a name",
                nextStep: "Put the files there, or correct the path."
            )
        }
        var contents: [FileContent] = []
        for name in names {
            contents.append(try read(FilePath.join(path, name), kind))
        }
        return contents
    }

    /// Opens what a path leads to, following links itself so that folders on the way are shared.
    private mutating func open(_ path: String, _ kind: FileKind) throws(MutualTLSFilesError) -> Descriptor {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw MutualTLSFilesError(
                .invalidPath,
                at: [path],
                expected: "the path of a file with \(kind.expectation) in PEM",
                found: path.isEmpty ? "an empty text" : "a NUL byte in it",
                nextStep: "Correct the path."
            )
        }
        var (folder, name) = FilePath.split(path)
        var base = try self.folder(folder, at: folder, from: AT_FDCWD, of: path, kind)
        for _ in 0..<SymbolicLink.mostHops {
            if let target = SymbolicLink.target(of: name, in: base.number) {
                let next = FilePath.split(target)
                let key = FilePath.join(folder, next.folder)
                base = try self.folder(key, at: next.folder, from: base.number, of: path, kind)
                (folder, name) = (key, next.name)
                continue
            }
            // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
            let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW
            let number = openat(base.number, name, flags)
            if number >= 0 { return Descriptor(takingOwnershipOf: number) }
            // It has become a link since.
            if errno == ELOOP { continue }
            throw MutualTLSFilesError(systemCode: errno, opening: path, kind, name: name, in: base.number)
        }
        throw MutualTLSFilesError(systemCode: ELOOP, opening: path, kind, name: name, in: base.number)
    }

    private mutating func folder(
        _ key: String,
        at relativePath: String,
        from base: Int32,
        of path: String,
        _ kind: FileKind
    ) throws(MutualTLSFilesError) -> Descriptor {
        if let known = folders[key] { return known }
        let number = openat(base, relativePath, FolderSnapshot.searchOnly | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            throw MutualTLSFilesError(systemCode: errno, opening: path, kind, name: relativePath, in: base)
        }
        let folder = Descriptor(takingOwnershipOf: number)
        folders[key] = folder
        return folder
    }

    /// O_PATH, for folders that may be searched and not be listed. Glibc declares it under _GNU_SOURCE alone.
    private static let searchOnly: Int32 = 0o10000000
}
