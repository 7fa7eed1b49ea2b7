internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceModel
internal import Foundation
internal import ThrowawayPKI

/// Where `pki` takes its recipe from.
struct RecipeSource {
    private let path: String

    /// - Parameter name: The path of a file, or the id of a scenario.
    init(_ name: String, scenarios: String?) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory), !isDirectory.boolValue {
            path = name
            return
        }
        guard !name.hasSuffix(".yaml"), !name.hasSuffix(".yml") else {
            throw CommandError.usage("\(name): expected a recipe or a scenario file, found no file of that path")
        }
        let folder = try ScenarioFolder.find(named: scenarios)
        path = "\(folder)/\(name).yaml"
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandError.usage(
                "\(name): expected a file or the id of a scenario, found neither that file nor \(path); "
                    + "`countersign list` shows the ids"
            )
        }
    }

    func specification() throws -> PKISpecification {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError.usage("can't read the recipe \(path): \(FileReason.of(error))")
        }
        return try PKISpecification.recipe(yaml: text, file: path)
    }
}

/// The line that `pki` prints about a certificate that it wrote.
struct MintedCertificateLine: Encodable, CustomStringConvertible {
    var name: String
    var certificate: String
    var key: String
    var chain: String
    var sha256: String

    init(_ entity: PKIEntity, folder: String) {
        name = entity.name
        certificate = "\(folder)/\(name).crt"
        key = "\(folder)/\(name).key"
        chain = "\(folder)/\(name).chain.crt"
        sha256 = entity.sha256Hex
    }

    var description: String { "\(certificate)\n\(key)\n\(chain)" }
}

/// The line that `pki` prints about a revocation list that it wrote.
struct MintedListLine: Encodable, CustomStringConvertible {
    var name: String
    var crl: String

    init(_ name: String, folder: String) {
        self.name = name
        crl = "\(folder)/\(name).crl"
    }

    var description: String { crl }
}
