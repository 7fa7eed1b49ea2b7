package import ConformanceModel
internal import FoundationEssentials
internal import Glibc

/// Finds out what of the stacks is on this machine, and builds the drivers that have to be built.
///
/// A stack that is missing or too old lacks both roles, with the reason: its cases are unsupported, and say so.
package struct PeerInspection: Sendable {
    /// The manifests, with what was found to be lacking.
    package private(set) var manifests: [PeerManifest] = []
    /// The versions of the stacks that are there, by name.
    package private(set) var versions: [String: String] = [:]

    /// - Parameter buildFolder: where compiled drivers are kept, absolute; made when it is missing.
    package init(_ manifests: [PeerManifest], buildFolder: String) throws {
        let folder: String
        let guardian: ProcessGuard
        do {
            folder = try MaterialFolder.makeUnique(FileManager.default.temporaryDirectory.path + "/countersign-peers")
            guardian = try ProcessGuard(folder: folder)
        }
        for manifest in manifests {
            var manifest = manifest
            if manifest.endpoint != nil {
                versions[manifest.stack.rawValue] = manifest.title
                self.manifests.append(manifest)
                continue
            }
            let command = PeerCommand(manifest: manifest, buildFolder: buildFolder)
            switch Self.finding(of: manifest, command, folder: folder, group: guardian.group) {
            case .present(let version): versions[manifest.stack.rawValue] = version
            case .absent(let reason):
                manifest.lacks.insert(Lack(capabilities: [.server, .client], reason: reason), at: 0)
            }
            self.manifests.append(manifest)
        }
    }

    private enum Finding {
        case present(version: String)
        case absent(String)
    }

    private static func finding(
        of manifest: PeerManifest,
        _ command: PeerCommand,
        folder: String,
        group: Int32
    ) -> Finding {
        let program = command.expanded([manifest.program]).joined()
        guard isInstalled(program, in: manifest.folder) else {
            return .absent("\(program) is not installed; install \(manifest.package)")
        }
        let query = manifest.version
        if manifest.trigger != nil { return .present(version: program) }
        let said = output(of: command.expanded(query.command), command, folder, group, limit: .seconds(20))
        guard let text = said.text else {
            return .absent("its version can't be asked for: \(said.problem)")
        }
        guard let version = PatternMatch(query.pattern).firstMatch(in: text) else {
            return .absent("it told no version in “\(text.prefix(200))”")
        }
        if let minimum = query.minimum, VersionOrder(version) < VersionOrder(minimum) {
            return .absent("it is \(version), and \(minimum) or later is needed; install \(manifest.package)")
        }
        if let problem = build(manifest, command, folder, group) { return .absent(problem) }
        return .present(version: version)
    }

    /// Builds a driver that is missing or older than its sources; what went wrong, or nil.
    private static func build(
        _ manifest: PeerManifest,
        _ command: PeerCommand,
        _ folder: String,
        _ group: Int32
    ) -> String? {
        guard let words = manifest.build else { return nil }
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: command.stackFolder, withIntermediateDirectories: true)
        } catch {
            return "no folder for its driver: \(error)"
        }
        let stamp = "\(command.stackFolder)/built"
        let sources = (try? files.subpathsOfDirectory(atPath: manifest.folder)) ?? []
        // Sources that several stacks share are in the command alone.
        let shared = command.expanded(words).compactMap(modified)
        let newest = (sources.compactMap { modified("\(manifest.folder)/\($0)") } + shared).max() ?? 0
        if let built = modified(stamp), built >= newest { return nil }
        let said = output(of: command.expanded(words), command, folder, group, limit: .seconds(180))
        guard said.isGood else { return "its driver can't be built: \(said.problem)" }
        return files.createFile(atPath: stamp, contents: nil) ? nil : "\(stamp) can't be written"
    }

    private static func modified(_ path: String) -> Double? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        return Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9
    }

    static func isInstalled(_ program: String, in folder: String) -> Bool {
        if program.contains("/") {
            return access(program.hasPrefix("/") ? program : "\(folder)/\(program)", X_OK) == 0
        }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    private struct Said {
        var text: String?
        var isGood = false
        var problem = ""
    }

    private static func output(
        of arguments: [String],
        _ command: PeerCommand,
        _ folder: String,
        _ group: Int32,
        limit: Duration
    ) -> Said {
        let process: ChildProcess
        do throws(SystemFailure) {
            process = try ChildProcess(
                arguments,
                group: group,
                environment: command.environment,
                folder: command.manifest.folder
            )
        } catch {
            return Said(problem: "\(error)")
        }
        process.closeInput()
        guard let status = process.waitForExit(until: Deadline(after: limit)) else {
            process.kill()
            return Said(problem: "“\(arguments.joined(separator: " "))” did not end within \(limit)")
        }
        let bytes = process.outputBytes + process.errorBytes
        let text = String(decoding: bytes, as: UTF8.self)
        return Said(
            text: text,
            isGood: status == .exited(0),
            problem: "“\(arguments.joined(separator: " "))” ended with \(status)\(bytes.asComplaint)"
        )
    }
}

/// Versions compared by their numbers: 1.9 is older than 1.19.
struct VersionOrder: Comparable {
    private let numbers: [Int]

    init(_ text: String) {
        numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    }

    static func < (lhs: VersionOrder, rhs: VersionOrder) -> Bool {
        lhs.numbers.lexicographicallyPrecedes(rhs.numbers)
    }
}
