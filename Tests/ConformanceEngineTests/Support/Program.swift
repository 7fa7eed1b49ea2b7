import Glibc

/// The program, as built beside the tests.
enum Program {
    static let path: String = {
        // Only this link names the file of a running process on Linux, whatever the way in which it was started.
        guard let resolved = realpath("/proc/self/exe", nil) else { return "countersign" }
        defer { free(resolved) }
        let tests = String(cString: resolved)
        guard let slash = tests.lastIndex(of: "/") else { return "countersign" }
        return tests[...slash] + "countersign"
    }()
}
