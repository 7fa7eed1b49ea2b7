internal import Campaign
internal import Foundation
internal import Glibc

/// The sessions of a client between two of its processes.
///
/// Its readers can resume the sessions, so the file belongs to its owner alone from the moment of its creation.
struct SessionFile {
    let path: String

    /// The bytes of the last run; nil when there was none.
    func read() throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandError.usage("--sessions: \(path) can't be read: \(FileReason.of(error))")
        }
    }

    /// Replaces the file as a whole.
    func write(_ bytes: [UInt8]) throws {
        let fresh = "\(path).\(getpid()).new"
        // O_EXCL follows no link and takes over no file that somebody else holds open.
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(bytes))
            try file.close()
        } catch {
            unlink(fresh)
            throw CommandError.usage("--sessions: \(path) can't be written: \(FileReason.of(error))")
        }
        guard rename(fresh, path) == 0 else {
            let error = failure()
            unlink(fresh)
            throw error
        }
    }

    /// Reads `errno`, so nothing may come between the failed call and this one.
    private func failure() -> CommandError {
        CommandError.usage("--sessions: \(path) can't be written: \(String(cString: strerror(errno)))")
    }
}
