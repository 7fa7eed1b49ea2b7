package import ConformanceModel
package import ConformanceReports
internal import Foundation
internal import Glibc
internal import Synchronization

/// The journal of a run on disk.
///
/// Each line is appended with one write before the run counts the result, so a run that is killed loses nothing that it
/// counted. The file is synchronised at its start, at its end, and at most once a second in between: a machine that
/// loses its power loses about a second of results, which are then played again.
package final class JournalFile: Sendable {
    package let path: String
    /// The results of an earlier run.
    package let earlier: Journal
    private let descriptor: Int32
    private let lastSync = Mutex(ContinuousClock.now)

    /// - Parameter resumes: whether to go on with what the file holds; otherwise the file must be new or empty.
    package init(path: String, resumes: Bool) throws {
        self.path = path
        if let folder = Folder.parent(of: path) { try Folder.create(folder) }
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.error("can't be opened", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandError.usage("another run writes to the journal \(path); wait for it, or name another file")
        }
        do {
            earlier = try Self.read(path, resumes: resumes)
            guard ftruncate(descriptor, off_t(earlier.wholeBytes)) == 0 else { throw Self.error("can't be cut", path) }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func read(_ path: String, resumes: Bool) throws -> Journal {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        do {
            let journal = try Journal(reading: data, from: path)
            if resumes { return journal }
            guard data.isEmpty else {
                let end = journal.isFinished ? "a run that came to its end" : "a run that did not end"
                throw CommandError.usage(
                    "the journal \(path) holds \(journal.results.count) results of \(end); go on with --resume, or "
                        + "remove the file or name another one to begin anew"
                )
            }
            return journal
        } catch let error as ResultsError {
            throw CommandError.usage("\(error); remove the file, or name another one")
        }
    }

    /// Begins the run, or makes sure that the one in the file is the same.
    ///
    /// - Throws: `CommandError` with everything in which the two runs differ.
    package func begin(_ header: JournalHeader) throws {
        guard let found = earlier.header else {
            try append(Journal.line(header))
            return try synchronise()
        }
        let differences = found.differences(from: header)
        guard differences.isEmpty else {
            throw CommandError.usage(
                "the journal \(path) is of another run: \(differences.joined(separator: "; "))"
            )
        }
    }

    package func add(_ result: CaseResult) throws {
        try append(Journal.line(result))
        let isDue = lastSync.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= .seconds(1) else { return false }
            last = now
            return true
        }
        if isDue { try synchronise() }
    }

    /// Says that nothing is left to play.
    package func finish() throws {
        if !earlier.isFinished { try append(Journal.end) }
        try synchronise()
    }

    private func append(_ line: Data) throws {
        let written = line.withUnsafeBytes { bytes in
            var count = write(descriptor, bytes.baseAddress, bytes.count)
            while count < 0, errno == EINTR { count = write(descriptor, bytes.baseAddress, bytes.count) }
            return count
        }
        // The rest of a line that a full disk cut would stand in front of the next one.
        guard written == line.count else { throw Self.error("can't be written", path, status: .harnessFault) }
    }

    private func synchronise() throws {
        guard fdatasync(descriptor) == 0 || errno == EINVAL else {
            throw Self.error("can't be synchronised", path, status: .harnessFault)
        }
    }

    private static func error(_ what: String, _ path: String, status: ProcessStatus = .usage) -> CommandError {
        CommandError(message: "the journal \(path) \(what): \(String(cString: strerror(errno)))", status: status)
    }
}
