internal import Campaign
internal import ConformanceModel
package import Foundation
internal import Glibc

/// A folder whose files stay in it: neither its own name nor a file's may be a link, and a file's name is a name.
///
/// The files are made relative to the open folder, so that nobody who may write beside it can lead them elsewhere.
/// Folders above it may be links, as the user's own paths often are.
package final class OutputFolder {
    private let path: String
    private let descriptor: Int32

    /// Makes the folder and those above it, where they are missing.
    package init(_ path: String) throws {
        try Folder.create(path)
        self.path = path
        // A slash at the end would make the system follow a link of this name.
        var name = path
        while name.count > 1, name.hasSuffix("/") { name.removeLast() }
        descriptor = try Self.opened(open(name, Self.flags), path)
    }

    private init(_ name: String, in parent: OutputFolder) throws {
        path = "\(parent.path)/\(name)"
        guard mkdirat(parent.descriptor, name, 0o755) == 0 || errno == EEXIST else {
            throw CommandError.usage("can't create the folder \(path): \(String(cString: strerror(errno)))")
        }
        descriptor = try Self.opened(openat(parent.descriptor, name, Self.flags), path)
    }

    deinit {
        close(descriptor)
    }

    /// The folder of this name inside this one, made when it is missing.
    package func folder(_ name: String) throws -> OutputFolder {
        try OutputFolder(Self.checked(name, in: path), in: self)
    }

    /// Writes a file that has its mode from its first moment, in the place of one of the same name.
    package func write(_ name: String, _ data: some DataProtocol, mode: mode_t = 0o644) throws {
        let name = try Self.checked(name, in: path)
        let file = "\(path)/\(name)"
        unlinkat(descriptor, name, 0)
        let number = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard number >= 0 else {
            throw CommandError.usage("can't write \(file): \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: number, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(data))
        } catch {
            throw CommandError.usage("can't write \(file): \(FileReason.of(error))")
        }
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Reads `errno`, so nothing may come between the call and this one.
    private static func opened(_ descriptor: Int32, _ path: String) throws -> Int32 {
        guard descriptor < 0 else { return descriptor }
        let found = errno == ENOTDIR || errno == ELOOP ? "a link or a file" : String(cString: strerror(errno))
        throw CommandError.usage("\(path): expected a folder to write into, found \(found); choose another")
    }

    /// An entry of a scenario gives a file its name, and must not lead out of the folder.
    private static func checked(_ name: String, in folder: String) throws -> String {
        let isName =
            !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
        guard isName else {
            throw CommandError.usage(
                "“\(SingleLine.of(name, limit: 255))” can't name a file in \(folder): expected 1 to 255 bytes without a "
                    + "slash; rename the entry in the scenario"
            )
        }
        return name
    }
}
