package import ConformanceModel
package import FoundationEssentials

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
