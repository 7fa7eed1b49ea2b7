internal import Campaign
internal import Diagnostics
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
