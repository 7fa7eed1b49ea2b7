package import ConformanceModel
package import FoundationEssentials

/// results.json: a report written down, and read back.
///
/// The members of the report stand in the order of the schema, keys inside them are sorted, and each case is one line.
/// Expectations and observations stand once in `shared`, and cases name them by position: a whole run takes 10 MB and
/// not 30.
package enum ResultsJSON {
    /// The version of the schema that this code writes.
    static let schema = 3
    /// The version in which each case holds everything by itself, which is still read.
    static let schemaWithoutShared = 2

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
        try append("schema", schema)
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
        var shared = SharedValues()
        let rows = report.cases.map { ResultRow($0, &shared) }
        try append("shared", shared)
        text.append(contentsOf: Array("  \"cases\": [".utf8))
        for (index, row) in rows.enumerated() {
            text.append(contentsOf: Array((index == 0 ? "\n    " : ",\n    ").utf8))
            text.append(try encoder.encode(row))
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
            guard [schema, schemaWithoutShared].contains(found) else {
                throw ResultsError(
                    "\(source): its schema is \(found), and this version of countersign reads the schemas "
                        + "\(schemaWithoutShared) and \(schema); read it with the version that wrote it"
                )
            }
            guard found == schema else { return try decoder.decode(RunReport.self, from: data) }
            return try decoder.decode(File.self, from: data).report()
        } catch let error as ResultsError {
            throw error
        } catch let error as DecodingError {
            throw ResultsError(error, in: source)
        } catch {
            throw ResultsError("\(source): not a results file: \(error)")
        }
    }

    /// A file of the current schema.
    private struct File: Decodable {
        var tool: Tool
        var environment: [String: String]
        var seed: UInt64
        var plan: RunPlanRecord?
        var options: RunOptions?
        var started: String
        var isComplete: Bool
        var durationMs: Double
        var totals: Totals
        var findings: [String]
        var rules: [String: Int]
        var profiles: [String: InferredProfile]?
        var failureModes: [FailureModeOutcome]?
        var shared: SharedValues
        var cases: [ResultRow]

        func report() throws -> RunReport {
            var report = RunReport(
                tool: tool,
                environment: environment,
                seed: seed,
                started: started,
                isComplete: isComplete,
                findings: findings,
                cases: try cases.enumerated().map { try $1.result(shared, at: $0) },
                rules: rules,
                durationMs: durationMs
            )
            report.plan = plan
            report.options = options
            // As they were written, so that a file that contradicts itself is seen to.
            report.totals = totals
            report.profiles = profiles
            report.failureModes = failureModes
            return report
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

    package init(_ description: String) {
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

/// baseline.json: one line a case, so that a change of a verdict is one line of a diff.
package enum BaselineJSON {
    /// The version of the schema that this code writes and reads.
    static let schema = 1

    /// Writes a baseline, ending with a newline; ids are sorted.
    package static func encode(_ baseline: Baseline) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        var lines = [
            "  \"schema\": \(schema),",
            "  \"tool\": \(try text(baseline.tool)),",
            "  \"environment\": \(try text(baseline.environment)),",
            // Whole milliseconds above 10 and tenths below: finer digits differ from run to run.
            "  \"medianMs\": \(try text(baseline.medianMs.mapValues(rounded))),",
        ]
        if let catalogue = baseline.catalogue { lines.append("  \"catalogue\": \(try text(catalogue)),") }
        lines.append("  \"cases\": {")
        let ids = baseline.verdicts.keys.sorted()
        for (position, id) in ids.enumerated() {
            let comma = position == ids.count - 1 ? "" : ","
            lines.append("    \(try text(id)): \(try text(baseline.verdicts[id]))\(comma)")
        }
        lines.append("  }")
        return Data("{\n\(lines.joined(separator: "\n"))\n}\n".utf8)
    }

    /// Reads a baseline, or the results of a run, which hold one.
    ///
    /// - Throws: `ResultsError`, which names the file and what was expected there.
    package static func decode(_ data: Data, from source: String) throws(ResultsError) -> Baseline {
        let decoder = JSONDecoder()
        guard (try? decoder.decode(Shape.self, from: data)) != nil else {
            return Baseline(try ResultsJSON.decode(data, from: source))
        }
        do {
            let file = try decoder.decode(File.self, from: data)
            guard file.schema == schema else {
                throw ResultsError(
                    "\(source): its schema is \(file.schema), and this version of countersign reads baselines of schema "
                        + "\(schema); read it with the version that wrote it"
                )
            }
            var baseline = Baseline(
                tool: file.tool,
                environment: file.environment,
                medianMs: file.medianMs,
                verdicts: file.cases
            )
            baseline.catalogue = file.catalogue
            return baseline
        } catch let error as ResultsError {
            throw error
        } catch let error as DecodingError {
            throw ResultsError(error, in: source)
        } catch {
            throw ResultsError("\(source): not a baseline: \(error)")
        }
    }

    private static func rounded(_ milliseconds: Double) -> Double {
        milliseconds >= 10 ? milliseconds.rounded() : (milliseconds * 10).rounded() / 10
    }

    /// The mark of a baseline, as opposed to results: its cases are an object.
    private struct Shape: Decodable {
        var cases: [String: String]
    }

    private struct File: Decodable {
        var schema: Int
        var tool: Tool
        var environment: [String: String]
        var medianMs: [String: Double]
        var catalogue: String?
        var cases: [String: Verdict]
    }
}
