/// What keeps credential files from being used.
///
/// Two errors are equal when their codes are: the message is for people, and may change. Neither message nor cause
/// holds anything of a private key.
public struct MutualTLSFilesError: Error, Sendable {
    /// Which error this is, for programs.
    public let code: Code
    /// The files or folders that it is about, the one to look at first in front.
    public let paths: [String]
    /// The path, what was expected, what was found, and the next step, for people.
    public let message: String
    /// What led to it: a `MutualTLSError` for files that could be read and not be used.
    public let cause: (any Error)?

    /// Puts the path and the sentences together: `path: Expected …, found …. Next step.`
    init(
        _ code: Code,
        at paths: [String],
        expected: String,
        found: String,
        nextStep: String,
        cause: (any Error)? = nil
    ) {
        self.init(code, at: paths, "Expected \(expected), found \(found). \(nextStep)", cause: cause)
    }

    init(_ code: Code, at paths: [String], _ sentences: String, cause: (any Error)? = nil) {
        self.code = code
        self.paths = paths
        self.cause = cause
        let subject = paths.map(MutualTLSFilesError.printable).joined(separator: ", ")
        message = subject.isEmpty ? sentences : "\(subject): \(sentences)"
    }

    /// A path or a link's target with what could break a line or a terminal escaped.
    static func printable(_ path: String) -> String {
        path.unicodeScalars
            .map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}

extension MutualTLSFilesError: Equatable {
    /// Whether both have the same code.
    public static func == (left: MutualTLSFilesError, right: MutualTLSFilesError) -> Bool {
        left.code == right.code
    }
}

extension MutualTLSFilesError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
