package import ConformanceModel
package import FoundationEssentials

/// A run as it is written down while it goes on: a header, a result a line, and a last line when it has ended.
package struct Journal: Hashable, Sendable {
    /// Nil when the run was killed before the first line was whole: then nothing had been played.
    package var header: JournalHeader?
    /// In the order in which they came.
    package var results: [CaseResult] = []
    /// Whether the last line says that nothing was left to play.
    package var isFinished = false
    /// How many bytes are whole lines; what follows was torn by the end of its writer.
    package var wholeBytes = 0

    /// Reads a journal.
    ///
    /// - Parameter source: the file's name, for messages.
    /// - Throws: `ResultsError` for a line, other than a torn last one, that is no line of a journal, and for a case
    ///   that is there twice.
    package init(reading data: Data, from source: String) throws(ResultsError) {
        var ids: Set<String> = []
        var start = data.startIndex
        var number = 0
        while let end = data[start...].firstIndex(of: Self.lineFeed) {
            number += 1
            let line = data[start..<end]
            start = data.index(after: end)
            do {
                try take(line)
            } catch {
                // A power failure may leave a last line that is whole in length alone.
                if start == data.endIndex { return }
                throw ResultsError("\(source), line \(number): not a line of a journal: \(error)")
            }
            if let id = results.last?.id, results.count > ids.count, !ids.insert(id).inserted {
                throw ResultsError("\(source), line \(number): the case \(id) is there for the second time")
            }
            wholeBytes = start - data.startIndex
        }
    }

    private mutating func take(_ line: Data) throws {
        let decoder = JSONDecoder()
        guard header != nil else {
            let found = try decoder.decode(JournalHeader.self, from: line)
            guard found.journal == 1 else { throw ResultsError("its format is \(found.journal), and this reads 1") }
            header = found
            return
        }
        if line.elementsEqual(Self.end.dropLast()) {
            isFinished = true
        } else {
            results.append(try decoder.decode(CaseResult.self, from: line))
        }
    }

    /// A header or a result as a line with its line feed.
    package static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + [lineFeed]
    }

    /// The line that ends a journal of which nothing is left to play.
    package static let end = Data("{\"end\":true}\n".utf8)

    private static let lineFeed: UInt8 = 0x0A
}

/// The first line of a journal: which run the results below it belong to.
package struct JournalHeader: Hashable, Codable, Sendable {
    /// The version of the journal's format.
    package var journal = 1
    package var tool: Tool
    package var environment: [String: String]
    package var seed: UInt64
    /// The time that certificates are made for, in seconds since 1970: a resumed run mints the same.
    package var now: Int64
    package var plan: RunPlanRecord

    package init(tool: Tool, environment: [String: String], seed: UInt64, now: Int64, plan: RunPlanRecord) {
        self.tool = tool
        self.environment = environment
        self.seed = seed
        self.now = now
        self.plan = plan
    }

    /// The differences between another run and this one that keep both apart; one sentence each.
    package func differences(from other: JournalHeader) -> [String] {
        func text(_ versions: [String: String]) -> String {
            versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let members = [
            ("the tool", "\(tool.name) \(tool.version)", "\(other.tool.name) \(other.tool.version)"),
            ("the set of stacks", text(environment), text(other.environment)),
            ("the seed", "\(seed)", "\(other.seed)"),
            ("the time of the certificates", "\(now)", "\(other.now)"),
            ("the catalogue", plan.catalogue, other.plan.catalogue),
            ("the commit", plan.commit ?? "none", other.plan.commit ?? "none"),
            ("the shard", plan.shard?.description ?? "none", other.plan.shard?.description ?? "none"),
            ("the selection", "\(plan.cases) cases, \(plan.ids)", "\(other.plan.cases) cases, \(other.plan.ids)"),
        ]
        return members.filter { $0.1 != $0.2 }.map { "\($0.0) was \($0.1) and is \($0.2)" }
    }
}
