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
