internal import Glibc

/// The bytes of one file, wiped when nobody needs them any longer.
///
/// Wiped is this buffer. Copies that parsers make of it on their way to a key are freed and not wiped.
final class FileContent {
    let path: String
    /// The permission bits.
    let mode: UInt32
    private(set) var bytes: [UInt8]

    init(path: String, mode: UInt32, takingOwnershipOf bytes: consuming [UInt8]) {
        self.path = path
        self.mode = mode
        self.bytes = bytes
    }

    deinit {
        wipe(&bytes)
    }

    func isSame(as other: FileContent) -> Bool {
        path == other.path && mode == other.mode && bytes == other.bytes
    }
}

/// Overwrites the array's bytes, in a way that the compiler doesn't leave out.
func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
        guard let address = buffer.baseAddress else { return }
        explicit_bzero(address, buffer.count)
    }
}

/// Reads several files as they stood together at one moment.
enum SettledReading {
    private static let mostAttempts = 5

    /// Reads until two readings in a row agree, so that no set of files is half old and half new in itself.
    ///
    /// Files that a writer leaves between two of its steps may agree, and the caller must see through that: a key
    /// is compared with its certificate, a block with its end line.
    static func read(
        _ paths: [String],
        _ body: (inout FolderSnapshot) throws(MutualTLSFilesError) -> [FileContent]
    ) throws(MutualTLSFilesError) -> [FileContent] {
        var earlier = try once(body)
        for _ in 1..<mostAttempts {
            let later = try once(body)
            if earlier.elementsEqual(later, by: { $0.isSame(as: $1) }) { return later }
            earlier = later
        }
        throw MutualTLSFilesError(
            .changing,
            at: paths,
            expected: "files that stay as they are while they are read",
            found: "others each of \(mostAttempts) times",
            nextStep: "Wait until whatever writes them has finished."
        )
    }

    private static func once(
        _ body: (inout FolderSnapshot) throws(MutualTLSFilesError) -> [FileContent]
    ) throws(MutualTLSFilesError) -> [FileContent] {
        var snapshot = FolderSnapshot()
        return try body(&snapshot)
    }
}

/// The result of reading files.
struct Reading<Value: Sendable>: Sendable {
    let value: Value
    let warnings: [FileWarning]
}

/// Text operations on paths, by their bytes; what is a link or a folder is for others to find out.
enum FilePath {
    /// The folder that a path's last component is in, and that component. `.` stands for the working directory.
    static func split(_ path: String) -> (folder: String, name: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return (".", String(trimmed)) }
        let name = trimmed[trimmed.index(after: slash)...]
        let folder = trimmed[..<slash]
        return (folder.isEmpty ? "/" : String(folder), name.isEmpty ? "." : String(name))
    }

    /// A path seen from a folder; an absolute one stays as it is.
    static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if folder == "." { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}

/// Reads symbolic links.
enum SymbolicLink {
    /// More hops than this make a loop, as in Linux (path_resolution(7)).
    static let mostHops = 40

    /// The target of a symbolic link, or nil where there is no link or it can't be read.
    static func target(of name: String, in folder: Int32 = AT_FDCWD) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(folder, name, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

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
