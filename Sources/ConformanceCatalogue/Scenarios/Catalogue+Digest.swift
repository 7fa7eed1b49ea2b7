internal import ConformanceModel
internal import FoundationEssentials

extension Catalogue {
    /// A digest of every `.yaml` file below a folder, with its path: the same on each machine with the same files.
    package static func digest(directory: String) throws(ScenarioError) -> String {
        var hash = StableHash()
        do {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(".yaml") }
            for path in paths.sorted() {
                hash.add(line: path)
                hash.add(line: try String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8))
            }
        } catch {
            throw ScenarioError([.init(file: directory, message: "the folder of scenarios can't be read: \(error)")])
        }
        return hash.text
    }
}
