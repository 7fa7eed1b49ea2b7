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
