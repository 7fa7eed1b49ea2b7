internal import Foundation

/// This program as a file.
enum Executable {
    /// The path that Linux knows it by, whatever name it was called with; nil without /proc.
    static var path: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path to start this program again with.
    static func required() throws -> String {
        guard let path else {
            throw CommandError(
                message: "/proc/self/exe can't be read, so no worker process can be started; is /proc mounted?",
                status: .harnessFault
            )
        }
        return path
    }
}
