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
