internal import Campaign
internal import Diagnostics
internal import Foundation
internal import Glibc
internal import Logging
internal import MutualTLS
internal import MutualTLSFiles

/// Reads what options name, and turns what is wrong into errors of usage.
enum CredentialLoading {
    /// Runs the body; an error about files or settings ends the command with the status of wrong usage.
    static func checked<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as MutualTLSFilesError {
            throw CommandError.usage(error.message)
        } catch let error as MutualTLSError {
            throw CommandError.usage(error.message)
        } catch let error as DiagnosticsError {
            throw CommandError(error)
        }
    }

    /// Warnings on standard error, apart from the lines of the command.
    static func logger(_ level: Logger.Level = .warning) -> Logger {
        var logger = Logger(label: "countersign") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }

    /// The system's clock.
    static let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
}

extension CommandError {
    init(_ error: DiagnosticsError) {
        let status: ProcessStatus =
            switch error.blame {
            case .usage: .usage
            case .peer: .unexpectedResults
            case .harness: .harnessFault
            }
        self.init(message: error.message, status: status)
    }
}

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
