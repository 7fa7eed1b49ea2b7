internal import Foundation

/// Where the scenarios are.
package enum ScenarioFolder {
    /// The folder that the user named; otherwise that of the clone which is the current directory, then the one that was
    /// installed with the program, or that of the clone in which it was built.
    ///
    /// A folder `scenarios` in any other directory may be anybody's and is taken only by a program that has none of its
    /// own: a run must not mean other cases because of where it is started.
    package static func find(
        named: String?,
        here: String = FileManager.default.currentDirectoryPath,
        executable: String? = Executable.path
    ) throws -> String {
        if let named {
            guard isFolder(named) else {
                throw CommandError.usage("no folder of scenarios at \(named); name one with --scenarios DIR")
            }
            return named
        }
        let own = path(URL(filePath: here).appending(path: "scenarios"))
        if isClone(here), isCatalogue(own) { return own }
        if let shipped = places(around: executable).first(where: isFolder) { return shipped }
        if isCatalogue(own) { return own }
        throw CommandError.usage(
            "no scenarios in \(here), and none belong to \(executable ?? "this program"): expected "
                + "share/countersign/scenarios beside its folder, or the clone that it was built in; install it with "
                + "make install, or name a folder with --scenarios DIR"
        )
    }

    /// Whether a folder is a clone of this project.
    private static func isClone(_ folder: String) -> Bool {
        let manifest = FileManager.default.contents(atPath: "\(folder)/Package.swift")
        return manifest.map { String(decoding: $0, as: UTF8.self).contains("name: \"countersign\"") } ?? false
    }

    /// Below a prefix the program is bin/countersign; a build in a clone lies in .build, below Package.swift.
    private static func places(around executable: String?) -> [String] {
        guard let executable else { return [] }
        var folder = URL(filePath: executable).deletingLastPathComponent().standardizedFileURL
        var places = [path(folder.deletingLastPathComponent().appending(path: "share/countersign/scenarios"))]
        while folder.pathComponents.count > 1 {
            if FileManager.default.fileExists(atPath: path(folder.appending(path: "Package.swift"))) {
                places.append(path(folder.appending(path: "scenarios")))
            }
            folder.deleteLastPathComponent()
        }
        return places
    }

    /// Whether a folder has a file of a scenario: the first key of one is its id.
    private static func isCatalogue(_ folder: String) -> Bool {
        guard isFolder(folder), let files = FileManager.default.enumerator(atPath: folder) else { return false }
        for case let file as String in files where file.hasSuffix(".yaml") {
            let text = FileManager.default.contents(atPath: "\(folder)/\(file)").map {
                String(decoding: $0, as: UTF8.self)
            }
            if text?.split(separator: "\n").contains(where: { $0.hasPrefix("scenario:") }) == true { return true }
        }
        return false
    }

    private static func path(_ place: URL) -> String {
        place.path(percentEncoded: false)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

/// This program as a file.
package enum Executable {
    /// The path that Linux knows it by, whatever name it was called with; nil without /proc.
    package static var path: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path to start this program again with.
    package static func required() throws -> String {
        guard let path else {
            throw CommandError(
                message: "/proc/self/exe can't be read, so no worker process can be started; is /proc mounted?",
                status: .harnessFault
            )
        }
        return path
    }
}

/// Where the drivers of peers lie that were compiled.
package enum PeerCache {
    /// In a clone its own `.build/peers`, which `make setup-peers` fills; for an installed program the user's cache, by the
    /// XDG base directory specification.
    package static func folder(
        executable: String? = Executable.path,
        _ variables: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        var place = URL(filePath: executable ?? "/").deletingLastPathComponent().standardizedFileURL
        while place.pathComponents.count > 1 {
            let manifest = place.appending(path: "Package.swift").path(percentEncoded: false)
            if FileManager.default.fileExists(atPath: manifest) { return inClone }
            place.deleteLastPathComponent()
        }
        // The specification has relative paths ignored.
        if let cache = variables["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/countersign/peers" }
        if let home = variables["HOME"], home.hasPrefix("/") { return "\(home)/.cache/countersign/peers" }
        return inClone
    }

    private static let inClone = ".build/peers"
}
