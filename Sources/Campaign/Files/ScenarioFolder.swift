internal import Foundation

/// Where the scenarios are.
package enum ScenarioFolder {
    private static let name = "scenarios"

    /// The folder that the user named, or the first of: here, and beside or above the executable.
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
        let places = [here] + ancestors(of: executable)
        if let found = places.map({ join($0, name) }).first(where: isFolder) { return found }
        throw CommandError.usage(
            "no folder \(name) in \(here), nor beside or above the executable; name one with --scenarios DIR"
        )
    }

    /// The folders that hold the executable, nearest first: a build in a clone lies below the clone's scenarios.
    private static func ancestors(of executable: String?) -> [String] {
        guard let executable else { return [] }
        var folder = URL(filePath: executable).deletingLastPathComponent().standardizedFileURL
        var folders: [String] = []
        while folder.pathComponents.count > 1 {
            folders.append(folder.path(percentEncoded: false))
            folder.deleteLastPathComponent()
        }
        return folders
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
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
