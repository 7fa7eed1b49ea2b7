internal import Glibc
internal import MutualTLS

/// An error that keeps credential files from being used.
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
    /// The underlying error: a `MutualTLSError` for files that could be read and not be used.
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
        EscapedText(path, limit: 4_096).description
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

extension MutualTLSFilesError {
    /// The set of errors, which may grow. What the library says of a file's content keeps the library's text.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// A stable text for logs.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }
}

extension MutualTLSFilesError.Code {
    /// A path that no file can have: empty, or with a NUL byte.
    public static let invalidPath = Self(rawValue: "invalid-path")
    /// No paths at all.
    public static let noPaths = Self(rawValue: "no-paths")
    /// There is no such file or folder, or a symbolic link leads nowhere.
    public static let missing = Self(rawValue: "missing")
    /// The permissions of the file, or of a folder on its way, refuse reading.
    public static let unreadable = Self(rawValue: "unreadable")
    /// A directory, a device or a pipe where a file was meant.
    public static let notAFile = Self(rawValue: "not-a-file")
    /// More bytes than any credential file has.
    public static let tooLarge = Self(rawValue: "too-large")
    /// The system failed for another reason.
    public static let system = Self(rawValue: "system")
    /// Files that were different each time they were read.
    public static let changing = Self(rawValue: "changing")
    /// A folder without a file whose name says that it would be one to read.
    public static let emptyFolder = Self(rawValue: "empty-folder")
    /// A file without bytes, or with white space alone.
    public static let empty = Self(rawValue: "empty-input")
    /// A PEM block that begins and doesn't end: the file is half-written or cut off.
    public static let truncatedPEM = Self(rawValue: "truncated-pem")
    /// A PEM block whose content or end line is damaged, or a file that is no PEM at all.
    public static let malformedPEM = Self(rawValue: "malformed-pem")
    /// Bytes that look like DER where PEM was meant.
    public static let derInsteadOfPEM = Self(rawValue: "der-instead-of-pem")
    /// PEM without a certificate.
    public static let noCertificateFound = Self(rawValue: "no-certificate-found")
    /// PEM without a private key.
    public static let noPrivateKeyFound = Self(rawValue: "no-private-key-found")
    /// PEM without a revocation list.
    public static let noRevocationListFound = Self(rawValue: "no-revocation-list-found")
    /// More than one private key.
    public static let severalFound = Self(rawValue: "several-found")
    /// A certificate block that holds none.
    public static let undecodableCertificate = Self(rawValue: "undecodable-certificate")
    /// A private key block that holds none.
    public static let undecodableKey = Self(rawValue: "undecodable-key")
    /// A revocation list block that holds none.
    public static let undecodableRevocationList = Self(rawValue: "undecodable-revocation-list")
    /// A private key that is encrypted, and no passphrase.
    public static let encryptedKey = Self(rawValue: "encrypted-key")
    /// A private key that the passphrase doesn't decrypt.
    public static let wrongPassphrase = Self(rawValue: "wrong-passphrase")
    /// A private key that doesn't belong to the certificate. While both are replaced one after the other, this is
    /// what stands between the old and the new pair.
    public static let mismatchedKey = Self(rawValue: "mismatched-key")
    /// A chain file whose first certificate isn't the issuer of what comes before it.
    public static let brokenChain = Self(rawValue: "broken-chain")
}

extension MutualTLSFilesError {
    /// The library's error about a file's content, with the file's path in front.
    init(content error: MutualTLSError, of paths: [String], expected: String) {
        guard error.code != .emptyInput else {
            self.init(
                .empty,
                at: paths,
                expected: "\(expected) in PEM",
                found: "an empty file",
                nextStep: "Write the file again; a program that fills it may still be at work.",
                cause: error
            )
            return
        }
        self.init(
            Code(rawValue: error.code.rawValue),
            at: paths,
            [error.message, MutualTLSFilesError.nextStep(for: error.code)].compactMap { $0 }.joined(separator: " "),
            cause: error
        )
    }

    /// The next step for errors whose own message doesn't name it.
    private static func nextStep(for code: MutualTLSError.Code) -> String? {
        switch code {
        case .undecodableKey: "Export the key again."
        case .severalFound: "Leave one in the file."
        case .wrongPassphrase: "Check the passphrase."
        default: nil
        }
    }
}

extension MutualTLSFilesError {
    /// The system's error when a path isn't opened; `name` in the folder `base` is where it stopped.
    init(systemCode code: Int32, opening path: String, _ kind: FileKind, name: String, in base: Int32) {
        switch code {
        case ENOENT:
            self.init(missing: path, kind)
        case EACCES, EPERM:
            var status = stat()
            let details =
                fstatat(base, name, &status, 0) == 0
                ? "one with mode \(octal(status.st_mode)) and owner \(status.st_uid)"
                : "a folder on its way that can't be searched"
            self.init(unreadable: path, kind, details)
        default:
            self.init(systemCode: code, reading: path, kind)
        }
    }

    /// The system's attributes of an opened file.
    init(systemCode code: Int32, reading path: String, _ kind: FileKind) {
        if code == EACCES || code == EPERM {
            self.init(unreadable: path, kind, "one that refuses")
            return
        }
        self.init(
            .system,
            at: [path],
            expected: "a file with \(kind.expectation) in PEM",
            found: "that the system refuses it: \(String(cString: strerror(code)))",
            nextStep: "Put that right, or correct the path."
        )
    }

    private init(missing path: String, _ kind: FileKind) {
        let target = SymbolicLink.target(of: path).map(MutualTLSFilesError.printable)
        self.init(
            .missing,
            at: [path],
            expected: "a file with \(kind.expectation) in PEM",
            found: target.map { "a symbolic link to \($0), where there is none" } ?? "none",
            nextStep: target == nil ? "Write the file, or correct the path." : "Correct the link, or write its target."
        )
    }

    private init(unreadable path: String, _ kind: FileKind, _ details: String) {
        self.init(
            .unreadable,
            at: [path],
            expected: "a file with \(kind.expectation) that user \(geteuid()) may read",
            found: details,
            nextStep: "Give that user the permission."
        )
    }
}
