internal import Glibc

/// Reads symbolic links.
enum SymbolicLink {
    /// More hops than this make a loop, as in Linux (path_resolution(7)).
    static let mostHops = 40

    /// What a link says, or nil for what is no link, or can't be read.
    static func target(of name: String, in folder: Int32 = AT_FDCWD) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(folder, name, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
