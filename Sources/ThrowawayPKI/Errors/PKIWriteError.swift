/// Why a minted PKI can't be written into a folder.
package struct PKIWriteError: Error, Sendable, Hashable {
    /// The code of the error, for programs that distinguish errors.
    package enum Code: String, Sendable, Hashable {
        /// A name that can't be the start of a file's name.
        case badName
        /// Two entries whose files would have one name.
        case nameClash
        case fileExists
        /// The system refused: see `found`.
        case systemCall
    }

    package let code: Code
    /// The file or the folder, or the name that should have become one.
    package let path: String
    package let expected: String
    package let found: String
    /// The remedy.
    package let nextStep: String

    package init(_ code: Code, path: String, expected: String, found: String, nextStep: String) {
        self.code = code
        self.path = path
        self.expected = expected
        self.found = found
        self.nextStep = nextStep
    }
}

extension PKIWriteError: CustomStringConvertible {
    package var description: String {
        "\(path): expected \(expected), found \(found); \(nextStep)"
    }
}
