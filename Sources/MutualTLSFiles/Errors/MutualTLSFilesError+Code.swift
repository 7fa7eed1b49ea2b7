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
