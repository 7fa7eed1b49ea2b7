internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why the network refused something, in words for people.
enum NetworkReason {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return of(first.error) }
            let lookup = error.dnsAAAAError ?? error.dnsAError
            return lookup.map { "the name \(error.host) has no address (\(of($0)))" } ?? "no address answered"
        case let error as IOError:
            return "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
        case ChannelError.connectTimeout(let timeout):
            return "no answer within \(Double(timeout.nanoseconds) / 1e9) s"
        default:
            return "\(error)"
        }
    }
}
