package import Foundation
internal import Glibc

/// A file that a report is to be written to, found writable before anything is played.
package struct ReportPath: Hashable {
    package let path: String

    /// Creates missing folders, and opens the file for writing without changing it.
    ///
    /// - Throws: `CommandError` with the path and the system's reason.
    package init(checking path: String) throws {
        guard !path.isEmpty else { throw CommandError.usage("a report path is empty") }
        self.path = path
        var info = stat()
        let existed = stat(path, &info) == 0
        if existed, info.st_mode & S_IFMT == S_IFDIR {
            throw CommandError.usage("can't write a report to \(path): it is a folder; name a file in it")
        }
        do {
            if let folder = Folder.parent(of: path) { try Folder.create(folder) }
        } catch let error as CommandError {
            throw CommandError.usage("can't write a report to \(path): \(error.message)")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else {
            throw CommandError.usage("can't write a report to \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        if !existed { unlink(path) }
    }

    /// Replaces the file in one step, so that a reader never sees half a report.
    package func write(_ data: Data) throws {
        do {
            var info = stat()
            let isSpecial = stat(path, &info) == 0 && info.st_mode & S_IFMT != S_IFREG
            // A device such as /dev/stdout can't be replaced by another file.
            try data.write(to: URL(filePath: path), options: isSpecial ? [] : .atomic)
        } catch {
            throw CommandError(
                message: "the report \(path) could not be written: \(FileReason.of(error))",
                status: .harnessFault
            )
        }
    }
}

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

/// Why the system refused something about a file.
package enum FileReason {
    /// The words of errno when Foundation kept it, for Foundation's own sentence leaves the cause out.
    package static func of(_ error: any Error) -> String {
        let error = error as NSError
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(cause.code)))
        }
        return error.localizedDescription
    }
}
