internal import ConformanceEngine
internal import ConformanceModel
internal import FoundationEssentials
internal import Glibc

/// A program of the machine: found on the PATH, and asked for its version.
///
/// Nothing of it is installed by this program: a registry keeps no version of it that can be had beside the machine's.
struct InstalledProgram {
    private let release: ReleaseName
    private let source: ReleaseSource
    private let version: [String]

    /// - Parameter version: the words after the program that make it tell its version.
    init(_ release: ReleaseName, _ source: ReleaseSource, _ version: [String]) {
        self.release = release
        self.source = source
        self.version = version
    }

    /// The program with the version that it tells.
    func found(cache: ReleaseCache) throws -> InstalledRelease {
        guard let path = Self.path(of: source.program) else {
            throw ReleaseUnavailable(
                description: "\(release.program) (\(source.title)) is not installed; scripts/setup-peers installs it"
            )
        }
        let process: ChildProcess
        do {
            process = try ChildProcess([path] + version, group: 0)
        } catch {
            throw ReleaseUnavailable(description: "\(release.program): \(path) can't be started: \(error)")
        }
        process.closeInput()
        guard process.waitForExit(until: Deadline(after: .seconds(30))) != nil else {
            process.kill()
            throw ReleaseUnavailable(
                description: "\(release.program): \(path) told no version within 30 seconds"
            )
        }
        let text = String(decoding: process.outputBytes + process.errorBytes, as: UTF8.self)
        guard let number = text.firstMatch(of: /\d+(?:\.\d+)+[a-z]?/).map({ String($0.output) }) ?? Self.bare(text)
        else {
            throw ReleaseUnavailable(
                description: "\(release.program): \(path) \(version.joined(separator: " ")) tells no version"
            )
        }
        let found = ReleaseName(program: release.program, version: number)
        guard release.covers(found) else {
            throw ReleaseUnavailable(
                description: "\(release) is another version than the machine's \(found), and no registry keeps it"
            )
        }
        var installed = cache.installed(release, source)
        installed.name = found
        installed.program = path
        return installed
    }

    /// A version without a dot, as Erlang's 25.
    private static func bare(_ text: String) -> String? {
        text.firstMatch(of: /\d+/).map { String($0.output) }
    }

    /// The path of a program on the PATH, or in the folders of servers, which are not on everybody's; `countersign` is this
    /// program.
    static func path(of program: String) -> String? {
        if program == "countersign" {
            return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        }
        if program.hasPrefix("/") { return access(program, X_OK) == 0 ? program : nil }
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/usr/local/sbin", "/sbin"]).map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
    }
}
