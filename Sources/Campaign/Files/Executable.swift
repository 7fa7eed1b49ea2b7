internal import Foundation

/// This program as a file.
package enum Executable {
    /// The path that Linux knows it by, whatever name it was called with; nil without /proc.
    package static var path: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path to start this program again with.
    package static func required() throws -> String {
        guard let path else {
            throw CommandError(
                message: "/proc/self/exe can't be read, so no worker process can be started; is /proc mounted?",
                status: .harnessFault
            )
        }
        return path
    }
}
