internal import Foundation

/// Where the scenarios are.
enum ScenarioFolder {
    /// The folder that the user named; otherwise the one of the installed program, or of the clone that it was built in.
    ///
    /// A folder `scenarios` in the current directory is a user's own and may hold anything, so it is never taken unasked.
    static func find(named: String?, executable: String? = Executable.path) throws -> String {
        if let named {
            guard isFolder(named) else {
                throw CommandError.usage("no folder of scenarios at \(named); name one with --scenarios DIR")
            }
            return named
        }
        guard let found = places(around: executable).first(where: isFolder) else {
            throw CommandError.usage(
                "no scenarios belong to \(executable ?? "this program"): expected share/countersign/scenarios beside its "
                    + "folder, or the clone that it was built in; install it with make install, or name a folder with "
                    + "--scenarios DIR"
            )
        }
        return found
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

    private static func path(_ place: URL) -> String {
        place.path(percentEncoded: false)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
