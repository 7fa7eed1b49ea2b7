internal import Foundation
internal import Glibc

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
