/// What kept the library from doing what it was asked, outside a connection.
///
/// Two errors are equal when their codes are: the message is for people, and may change.
/// What a peer does wrong on a connection is a ``ConnectionFailure``.
public struct MutualTLSError: Error, Sendable {
    /// Who can put it right.
    public enum Blame: String, Sendable, Hashable, Codable {
        /// The settings or the credentials: certificates, keys, names, pools.
        case configuration
        /// The other side of a connection.
        case peer
        /// The code that calls the library, out of turn.
        case caller
        /// OpenSSL itself: want of memory, or a build without what is needed.
        case openSSL
    }

    /// Which error this is, for programs.
    public let code: Code
    /// What was expected, what was found, and the next step, for people.
    public let message: String
    /// What led to it, often what OpenSSL said.
    public let cause: (any Error)?

    /// Who can put it right.
    public var blame: Blame { code.blame }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension MutualTLSError: Equatable {
    /// Whether both have the same code.
    public static func == (left: MutualTLSError, right: MutualTLSError) -> Bool {
        left.code == right.code
    }
}

extension MutualTLSError: CustomStringConvertible {
    /// The message, with what OpenSSL said behind it.
    public var description: String {
        cause.map { "\(message) [\($0)]" } ?? message
    }
}
