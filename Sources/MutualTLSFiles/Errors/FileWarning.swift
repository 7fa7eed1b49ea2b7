/// Something about a file that doesn't keep it from being used, and should be put right.
public struct FileWarning: Sendable, Hashable {
    /// The file.
    public let path: String
    /// The path, what was expected, what was found, and the next step, for people.
    public let message: String

    /// A private key that others than its owner may read, or nil if it is well protected.
    init?(ofKey file: FileContent) {
        let othersMayRead: UInt32 = 0o044
        guard file.mode & othersMayRead != 0 else { return nil }
        let path = MutualTLSFilesError.printable(file.path)
        self.path = file.path
        message =
            "\(path): Expected a private key that its owner alone may read, found mode \(octal(file.mode)). "
            + "Run chmod 600 on it."
    }
}

extension FileWarning: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

/// Permission bits as `chmod` takes them, for example `0640`.
func octal(_ mode: UInt32) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
