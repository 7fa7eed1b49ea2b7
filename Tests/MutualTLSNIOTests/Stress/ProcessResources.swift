import Glibc
import Testing

/// The resources that this process holds at a moment.
struct ProcessResources: Sendable, CustomStringConvertible {
    /// Resident pages of 4 KiB.
    let pages: Int
    let descriptors: Int

    static func now() throws -> ProcessResources {
        ProcessResources(pages: try residentPages(), descriptors: try openDescriptors())
    }

    /// Raises the limit of this process, if it is below this number.
    static func allowDescriptors(_ count: Int) throws {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        try #require(getrlimit(resource, &limit) == 0)
        guard limit.rlim_cur < rlim_t(count) else { return }
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        try #require(limit.rlim_cur >= rlim_t(count) && setrlimit(resource, &limit) == 0)
    }

    var description: String { "\(pages * 4) KiB, \(descriptors) descriptors" }

    private static func residentPages() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        _ = fgets(&text, CInt(text.count), file)
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return try #require(fields.count > 1 ? Int(fields[1]) : nil)
    }

    private static func openDescriptors() throws -> Int {
        let folder = try #require(opendir("/proc/self/fd"))
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without the two entries for folders, and the folder that is being read.
        return count - 3
    }
}
