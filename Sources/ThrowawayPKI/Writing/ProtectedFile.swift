internal import Glibc

/// A file that has its final mode from the moment when it comes into being.
struct ProtectedFile {
    let path: String
    let text: String
    let mode: mode_t

    /// Creates the file; replacing goes through a second file that is renamed, so that nobody ever sees half of it
    /// and an old file's wider mode is not kept.
    func write(overwrite: Bool) throws(PKIWriteError) {
        guard overwrite else {
            try create(at: path)
            return
        }
        let temporary = path + ".new"
        try create(at: temporary)
        guard rename(temporary, path) == 0 else {
            let error = Self.failure(path, "the file to be replaced")
            unlink(temporary)
            throw error
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func alreadyExists(_ path: String) -> PKIWriteError {
        PKIWriteError(
            .fileExists,
            path: path,
            expected: "no such file yet",
            found: "an existing one",
            nextStep: "remove it, choose another folder, or ask for overwriting"
        )
    }

    /// Makes the folder and those above it, where they are missing. Those above may be links; the folder itself may not,
    /// so that nobody who may write beside it leads keys elsewhere.
    static func makeDirectory(_ path: String) throws(PKIWriteError) {
        var built = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            built += (built.isEmpty || built.hasSuffix("/") ? "" : "/") + component
            if mkdir(built, 0o755) != 0, errno != EEXIST {
                throw failure(built, "the folder to be made")
            }
        }
        var status = stat()
        let isThere = lstat(built, &status) == 0
        guard isThere, status.st_mode & S_IFMT == S_IFDIR else {
            let isLink = isThere && status.st_mode & S_IFMT == S_IFLNK
            throw PKIWriteError(
                .systemCall,
                path: path,
                expected: "a folder",
                found: path.isEmpty ? "an empty path" : isLink ? "a link" : "something else",
                nextStep: "choose another path"
            )
        }
    }

    private func create(at path: String) throws(PKIWriteError) {
        // O_EXCL follows no link and takes over no file that somebody else holds open.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? Self.alreadyExists(path) : Self.failure(path, "the file to be created")
        }
        var remaining = Array(text.utf8)[...]
        while !remaining.isEmpty {
            let count = remaining.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = Self.failure(path, "all bytes to be written")
                close(descriptor)
                unlink(path)
                throw error
            }
            remaining = remaining.dropFirst(count)
        }
        guard close(descriptor) == 0 else {
            let error = Self.failure(path, "the file to be closed without an error")
            unlink(path)
            throw error
        }
    }

    /// Reads `errno`, so nothing may come between the failed call and this one.
    private static func failure(_ path: String, _ expected: String) -> PKIWriteError {
        PKIWriteError(
            .systemCall,
            path: path,
            expected: expected,
            found: String(cString: strerror(errno)),
            nextStep: "check the path, its permissions and the free space"
        )
    }
}
