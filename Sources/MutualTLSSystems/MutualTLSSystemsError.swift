internal import MutualTLS

/// An error that keeps the settings or the protocol of a documented system from being used.
///
/// Two errors are equal when their codes are: the message is for people, and may change. Files that can't be read are
/// a `MutualTLSFilesError`, and settings that don't go together a `MutualTLSError`.
public struct MutualTLSSystemsError: Error, Sendable {
    /// The set of errors, which may grow.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// A stable text for logs.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// Which error this is, for programs.
    public let code: Code
    /// The expectation, the finding and the next step, for people.
    public let message: String
    /// The line of the configuration that it is about, counted from 1, or nil.
    public let line: Int?
    /// The underlying error.
    public let cause: (any Error)?

    init(_ code: Code, line: Int? = nil, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.line = line
        // A line is that of a file.
        self.message = line.map { "line \($0): \(HiddenKeys.of(message))" } ?? message
        self.cause = cause
    }
}

extension MutualTLSSystemsError: Equatable {
    /// Whether both have the same code.
    public static func == (left: MutualTLSSystemsError, right: MutualTLSSystemsError) -> Bool {
        left.code == right.code
    }
}

extension MutualTLSSystemsError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension MutualTLSSystemsError.Code {
    /// Text that isn't of the syntax.
    public static let syntax = Self(rawValue: "syntax")
    /// A key that the block doesn't have.
    public static let unknownKey = Self(rawValue: "unknown-key")
    /// A value of another kind than the key takes.
    public static let invalidValue = Self(rawValue: "invalid-value")
    /// A key that the rest of the settings can't do without.
    public static let missingKey = Self(rawValue: "missing-key")
    /// The other side broke the protocol before or after TLS.
    public static let protocolError = Self(rawValue: "protocol-error")
    /// The other side offers no TLS.
    public static let noTLS = Self(rawValue: "no-tls")
    /// The other side's key isn't one of those that are pinned.
    public static let notPinned = Self(rawValue: "not-pinned")
    /// The server refused one operation, such as a publication that permissions don't allow; the connection goes on.
    public static let refusedOperation = Self(rawValue: "refused-operation")
    /// Nobody has subscribed to the subject of a request.
    public static let noResponders = Self(rawValue: "no-responders")
    /// No answer came in time.
    public static let timedOut = Self(rawValue: "timed-out")
    /// The connection is closed.
    public static let connectionClosed = Self(rawValue: "connection-closed")
}

/// Finds the key that was probably meant.
enum NearestName {
    /// The candidate with the fewest edits, if they are few for a name of this length; the first one of equals.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        var best: (name: String, edits: Int)?
        for candidate in candidates {
            let edits = distance(Array(name.lowercased()), Array(candidate.lowercased()))
            if edits <= limit, edits < best?.edits ?? .max {
                best = (candidate, edits)
            }
        }
        return best?.name
    }

    /// The Levenshtein distance, row by row.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substitution = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
