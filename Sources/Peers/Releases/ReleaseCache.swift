internal import ConformanceEngine
package import ConformanceModel
internal import FoundationEssentials
internal import Glibc

/// A release that can't be had, with the reason in a sentence.
package struct ReleaseUnavailable: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(description: String) {
        self.description = description
    }
}

/// The folder of installed releases, and the package managers that fill it.
///
/// Nothing is installed into the system: PyPI's packages go into a folder of their own, Debian's are unpacked there. The
/// package managers compare what they download with the digests of their indexes.
package struct ReleaseCache: Sendable {
    /// An absolute path.
    package let folder: String
    private let python: String

    package init(folder: String = ReleaseCache.standardFolder, python: String = "python3") {
        self.folder = folder
        self.python = python
    }

    /// `$XDG_CACHE_HOME/countersign/releases`, or the same below `~/.cache`.
    package static var standardFolder: String {
        let base = variable("XDG_CACHE_HOME") ?? "\(variable("HOME") ?? "/tmp")/.cache"
        return "\(base)/countersign/releases"
    }

    /// The folder of one release, whether it is there or not.
    package func path(of release: ReleaseName, _ source: ReleaseSource) -> String {
        switch source.registry {
        case .pypi(let package, _): "\(folder)/pypi/\(package)/\(release.version)"
        case .debian(let packages): "\(folder)/debian/\(packages.first ?? source.name)/\(release.version)"
        case .installed: InstalledProgram.path(of: source.program) ?? source.program
        }
    }

    package func isInstalled(_ release: ReleaseName, _ source: ReleaseSource) -> Bool {
        FileManager.default.fileExists(atPath: path(of: release, source))
    }

    /// The program of an installed release.
    package func installed(_ release: ReleaseName, _ source: ReleaseSource) -> InstalledRelease {
        let path = path(of: release, source)
        func expanded(_ text: String) -> String {
            text.replacing("{release}", with: path).replacing("{cache}", with: "\(folder)/build")
                .replacing("{python}", with: python)
        }
        return InstalledRelease(
            name: release,
            folder: path,
            program: expanded(source.program),
            environment: source.environment.mapValues(expanded)
        )
    }

    /// Installs a release unless it is there; the folder appears when it is whole.
    @discardableResult
    package func install(_ release: ReleaseName, _ source: ReleaseSource) throws -> InstalledRelease {
        if case .installed(let version) = source.registry {
            return try InstalledProgram(release, source, version).found(cache: self)
        }
        guard !release.version.isEmpty else {
            throw ReleaseUnavailable(description: "\(release): its version is missing, as \(release)@1.0")
        }
        let target = path(of: release, source)
        guard !isInstalled(release, source) else { return installed(release, source) }
        let part = "\(target).\(getpid()).part"
        defer { try? FileManager.default.removeItem(atPath: part) }
        do {
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
        } catch {
            throw ReleaseUnavailable(
                description: "\(release): the cache \(folder) can't be written; set XDG_CACHE_HOME"
            )
        }
        switch source.registry {
        case .pypi(let package, let also):
            try installWheel("\(package)==\(release.version)", also, release, source, into: part)
        case .debian(let packages):
            for package in packages { try unpackDebian("\(package)=\(release.version)", release, source, into: part) }
        case .installed: break
        }
        // Another process may have been faster: its folder is as good as this one.
        guard rename(part, target) == 0 || isInstalled(release, source) else {
            throw ReleaseUnavailable(
                description: "\(release): \(target) can't be made: \(String(cString: strerror(errno)))"
            )
        }
        return installed(release, source)
    }

    private func installWheel(
        _ requirement: String,
        _ also: [String],
        _ release: ReleaseName,
        _ source: ReleaseSource,
        into part: String
    ) throws {
        var words = [
            python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-cache-dir",
            "--only-binary", ":all:", "--no-deps", "--target", part,
        ]
        if let sum = source.checksums[release.version] {
            // pip compares each package of such a file with its digest before it unpacks it.
            let file = "\(part).requirements"
            try Data("\(requirement) --hash=sha256:\(sum)\n".utf8).write(to: URL(filePath: file))
            defer { unlink(file) }
            try run(words + ["--require-hashes", "-r", file], release, source)
            words += also
            if !also.isEmpty { try run(words, release, source) }
        } else {
            try run(words + [requirement] + also, release, source)
        }
    }

    private func unpackDebian(
        _ package: String,
        _ release: ReleaseName,
        _ source: ReleaseSource,
        into part: String
    ) throws {
        try run(["apt-get", "download", "-q", package], release, source, folder: part)
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: part)) ?? []).filter { $0.hasSuffix(".deb") }
        for file in files {
            if let sum = source.checksums[release.version] {
                let text = try run(["sha256sum", "\(part)/\(file)"], release, source)
                guard text.hasPrefix(sum) else {
                    throw ReleaseUnavailable(
                        description: "\(release): \(file) has another SHA-256 than \(sum), so it isn't used"
                    )
                }
            }
            try run(["dpkg", "-x", "\(part)/\(file)", part], release, source)
            unlink("\(part)/\(file)")
        }
    }

    /// Runs a package manager to its end, and turns its complaint into a sentence.
    @discardableResult
    private func run(
        _ words: [String],
        _ release: ReleaseName,
        _ source: ReleaseSource,
        folder: String? = nil
    ) throws -> String {
        let process: ChildProcess
        do {
            process = try ChildProcess(words, group: 0, folder: folder)
        } catch {
            throw ReleaseUnavailable(description: "\(release): \(words[0]) can't be started; install it (\(error))")
        }
        process.closeInput()
        guard let status = process.waitForExit(until: Deadline(after: .seconds(900))) else {
            process.kill()
            throw ReleaseUnavailable(description: "\(release): \(words[0]) did not end within 15 minutes")
        }
        guard status == .exited(0) else {
            let output = String(decoding: process.errorBytes + process.outputBytes, as: UTF8.self)
            throw ReleaseUnavailable(description: Self.reason(output, release, source))
        }
        return String(decoding: process.outputBytes, as: UTF8.self)
    }

    /// The meaning of a package manager's complaint, in one sentence.
    package static func reason(_ output: String, _ release: ReleaseName, _ source: ReleaseSource) -> String {
        let rules: [(String, String)] = [
            (
                "DO NOT MATCH THE HASHES",
                "the downloaded package has another SHA-256 than the pinned one, so it isn't used"
            ),
            ("No module named pip", "python3 has no pip; install python3-pip"),
            ("NewConnectionError", "\(source.origin) can't be reached; is there a network?"),
            ("Temporary failure", "\(source.origin) can't be reached; is there a network?"),
            ("Could not resolve", "\(source.origin) can't be reached; is there a network?"),
            ("Connection refused", "\(source.origin) can't be reached; is there a network?"),
            ("No space left", "no space is left for its \(source.megabytes) MB"),
            ("No matching distribution", "\(source.origin) has no version \(release.version) for this machine"),
            ("was not found", "\(source.origin) has no version \(release.version) here"),
            ("Unable to locate package", "\(source.origin) is unknown; run apt-get update"),
        ]
        if let rule = rules.first(where: { output.contains($0.0) }) { return "\(release): \(rule.1)" }
        let line = output.split(separator: "\n").last.map { String($0.prefix(200)) } ?? "without a word"
        return "\(release): its installation failed: \(line)"
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}

/// A release that is on this machine.
package struct InstalledRelease: Hashable, Sendable {
    package var name: ReleaseName
    package var folder: String
    package var program: String
    package var environment: [String: String]
}
