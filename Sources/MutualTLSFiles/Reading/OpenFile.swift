internal import Glibc

/// A file or folder that has been opened.
struct OpenFile {
    private let path: String
    private let kind: FileKind
    private let descriptor: Descriptor
    private let status: stat

    /// Bundles of the world's root certificates have a fourth of a megabyte; revocation lists have reached tens.
    private static let mostBytes = 64 << 20

    init(_ path: String, _ kind: FileKind, _ descriptor: Descriptor) throws(MutualTLSFilesError) {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else {
            throw MutualTLSFilesError(systemCode: errno, reading: path, kind)
        }
        self.path = path
        self.kind = kind
        self.descriptor = descriptor
        self.status = status
    }

    var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }

    /// Why it can't be read as a file, or nil for a regular file.
    var refusalAsFile: MutualTLSFilesError? {
        let found =
            switch status.st_mode & S_IFMT {
            case S_IFREG: nil as String?
            case S_IFDIR: "a directory"
            case S_IFIFO: "a pipe, which can't be read twice"
            case S_IFSOCK: "a socket"
            default: "a device"
            }
        return found.map {
            MutualTLSFilesError(
                .notAFile,
                at: [path],
                expected: "a file with \(kind.expectation) in PEM",
                found: $0,
                nextStep: "Give the path of a regular file."
            )
        }
    }

    /// Reads to the end.
    func content() throws(MutualTLSFilesError) -> FileContent {
        // One more than the size, so that the end is met without growing.
        var bytes = [UInt8](repeating: 0, count: max(4096, Int(status.st_size) + 1))
        var count = 0
        while true {
            guard count <= OpenFile.mostBytes, bytes.count <= 2 * OpenFile.mostBytes else {
                wipe(&bytes)
                throw tooLarge
            }
            if count == bytes.count { OpenFile.double(&bytes) }
            let result = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor.number, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if result == 0 { break }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else {
                let code = errno
                wipe(&bytes)
                throw MutualTLSFilesError(systemCode: code, reading: path, kind)
            }
            count += result
        }
        bytes.removeLast(bytes.count - count)
        return FileContent(path: path, mode: status.st_mode & 0o7777, takingOwnershipOf: bytes)
    }

    /// The names in a folder, without `.` and `..`, in no order.
    func names() throws(MutualTLSFilesError) -> [String] {
        // The stream takes over a descriptor of its own, which closedir closes.
        let number = openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw MutualTLSFilesError(systemCode: errno, reading: path, kind) }
        guard let stream = fdopendir(number) else {
            let code = errno
            close(number)
            throw MutualTLSFilesError(systemCode: code, reading: path, kind)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private var tooLarge: MutualTLSFilesError {
        MutualTLSFilesError(
            .tooLarge,
            at: [path],
            expected: "\(kind.expectation) in PEM",
            found: "a file above \(OpenFile.mostBytes >> 20) MiB",
            nextStep: "Check that this is the right file."
        )
    }

    /// Leaves nothing behind in the smaller buffer.
    private static func double(_ bytes: inout [UInt8]) {
        var larger = [UInt8](repeating: 0, count: bytes.count * 2)
        larger.replaceSubrange(0..<bytes.count, with: bytes)
        wipe(&bytes)
        bytes = larger
    }
}

/// Owns a file descriptor and closes it.
final class Descriptor: Sendable {
    let number: Int32

    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}

/// The content that a file is expected to have.
enum FileKind {
    case certificateChain
    case privateKey
    case intermediates
    case authorities
    case revocationLists

    /// The words for it in messages.
    var expectation: String {
        switch self {
        case .certificateChain: "a certificate"
        case .privateKey: "a private key"
        case .intermediates: "intermediate certificates"
        case .authorities: "certificates"
        case .revocationLists: "revocation lists"
        }
    }

    /// Which names in a folder are read: those that PEM files have by custom, and those of `openssl rehash`.
    func includes(fileNamed name: String) -> Bool {
        guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
        let stem = name[..<dot]
        let suffix = name[name.index(after: dot)...].lowercased()
        let isHash = stem.utf8.count == 8 && stem.allSatisfy { $0.isHexDigit && $0.isASCII }
        switch self {
        case .revocationLists:
            return suffix == "pem" || suffix == "crl"
                || (isHash && suffix.hasPrefix("r") && isNumber(suffix.dropFirst()))
        case .certificateChain, .privateKey, .intermediates, .authorities:
            return ["pem", "crt", "cer"].contains(suffix) || (isHash && isNumber(suffix[...]))
        }
    }

    /// The names of `includes(fileNamed:)` for messages.
    var fileNames: String {
        switch self {
        case .revocationLists: "*.pem, *.crl or HASH.rN"
        case .certificateChain, .privateKey, .intermediates, .authorities: "*.pem, *.crt, *.cer or HASH.N"
        }
    }

    private func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
