internal import Glibc

/// How much memory a worker may have.
enum MemoryLimit {
    /// Limits what the process may map for itself: heap, data and stacks, not the files of its libraries.
    ///
    /// A limit that can't be set, such as one above the hard limit, leaves the one that there is.
    static func set(mebibytes: Int) {
        // glibc's enumeration is a type of its own in Swift, and its functions take a number.
        let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
        var limit = rlimit()
        guard mebibytes > 0, getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(mebibytes) << 20, limit.rlim_max)
        setrlimit(resource, &limit)
    }
}
