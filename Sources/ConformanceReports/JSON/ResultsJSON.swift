package import ConformanceModel
package import FoundationEssentials

/// results.json: a report written down, and read back.
///
/// The members of the report stand in the order of the schema, keys inside them are sorted, and each case is one line:
/// a file of 5,000 cases stays small, and two runs can be compared by any line-based tool.
package enum ResultsJSON {
    /// The version of the schema that this code writes and reads.
    static let schema = 2

    /// Writes a report, ending with a newline.
    package static func encode(_ report: RunReport) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = Data("{\n".utf8)
        func append(_ name: String, _ value: some Encodable) throws {
            text.append(contentsOf: Array("  \"\(name)\": ".utf8))
            text.append(try encoder.encode(value))
            text.append(contentsOf: Array(",\n".utf8))
        }
        try append("schema", report.schema)
        try append("tool", report.tool)
        try append("environment", report.environment)
        try append("seed", report.seed)
        if let plan = report.plan { try append("plan", plan) }
        if let options = report.options { try append("options", options) }
        try append("started", report.started)
        try append("isComplete", report.isComplete)
        try append("durationMs", report.durationMs)
        try append("totals", report.totals)
        try append("findings", report.findings)
        try append("rules", report.rules)
        if let profiles = report.profiles { try append("profiles", profiles) }
        if let modes = report.failureModes { try append("failureModes", modes) }
        text.append(contentsOf: Array("  \"cases\": [".utf8))
        for (index, result) in report.cases.enumerated() {
            text.append(contentsOf: Array((index == 0 ? "\n    " : ",\n    ").utf8))
            text.append(try encoder.encode(result))
        }
        text.append(contentsOf: Array((report.cases.isEmpty ? "]\n}\n" : "\n  ]\n}\n").utf8))
        return text
    }

    /// Reads a report that `encode` wrote.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - source: The file's name, for messages.
    /// - Throws: `ResultsError`, which names the file, the member, and what was expected there.
    package static func decode(_ data: Data, from source: String) throws(ResultsError) -> RunReport {
        let decoder = JSONDecoder()
        do {
            let found = try decoder.decode(Version.self, from: data).schema
            guard found == schema else {
                throw ResultsError(
                    "\(source): its schema is \(found), and this version of countersign reads schema \(schema); "
                        + "read it with the version that wrote it"
                )
            }
            return try decoder.decode(RunReport.self, from: data)
        } catch let error as ResultsError {
            throw error
        } catch let error as DecodingError {
            throw ResultsError(error, in: source)
        } catch {
            throw ResultsError("\(source): not a results file: \(error)")
        }
    }

    private struct Version: Decodable {
        var schema: Int
    }
}

/// Why a results file could not be read.
package struct ResultsError: Error, Hashable, CustomStringConvertible {
    /// One sentence that names the file, the member, and what was expected.
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ error: DecodingError, in source: String) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init("\(source): \(Self.place(context.codingPath)) has no member \"\(key.stringValue)\"")
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            self.init("\(source): \(Self.place(context.codingPath)) is not a value of the type \(type)")
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init("\(source): not JSON, or cut off: \(Self.cause(context))")
        case .dataCorrupted(let context):
            self.init("\(source): \(Self.place(context.codingPath)): \(context.debugDescription)")
        @unknown default:
            self.init("\(source): not a results file: \(error)")
        }
    }

    /// The path to a member, for example `cases[17].verdict`.
    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the top level" }
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text
    }

    private static func cause(_ context: DecodingError.Context) -> String {
        context.underlyingError.map { "\($0)" } ?? context.debugDescription
    }
}
