import ConformanceCatalogue
import ConformanceModel
import Foundation
import Testing

/// Reads scenarios/systems/README.md, so that a row can't outlive the cases and tests that it names.
@Suite("The tables of the documented systems")
struct DocumentedSystemsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let sentence: String
        let references: [String]
        let fact: String

        var testDescription: String { sentence }
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let text = Result {
        try String(contentsOf: root.appending(path: "scenarios/systems/README.md"), encoding: .utf8)
    }

    private static let rows = text.map { text in
        text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| It says") }.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(
                sentence: cells.count > 1 ? cells[1] : "",
                references: cells.count > 2 ? codeSpans(cells[2]) : [],
                fact: cells.count == 5 ? cells[3] : ""
            )
        }
    }

    private static let cases = RepositoryTests.loaded.map { catalogue in
        catalogue.cases.filter { $0.scenario.hasPrefix("systems/") }
    }

    /// The text of each test file, by its name without the suffix.
    private static let tests = Result {
        let folder = root.appending(path: "Tests").path(percentEncoded: false)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix("Tests.swift") }
        let texts = try paths.map { path in
            let name = path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? ""
            return (name, try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8))
        }
        return Dictionary(texts, uniquingKeysWith: +)
    }

    private static func codeSpans(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    @Test("All four systems have one, and each row names a case or a test, and says whether the sentence holds")
    func shape() throws {
        let text = try Self.text.get()
        for title in ["## The Ergo node", "## NATS", "## The HTTPS server", "## The gateway"] {
            #expect(text.contains(title))
        }
        let rows = try Self.rows.get()
        #expect(rows.count > 100)
        for row in rows {
            #expect(!row.sentence.isEmpty)
            #expect(!row.references.isEmpty, "\(row.sentence)")
            // Another fact needs a source, which stands in parentheses.
            #expect(row.fact.hasPrefix("holds") || row.fact.contains("("), "\(row.sentence): \(row.fact)")
        }
    }

    @Test("Every case that is named is in the catalogue")
    func cases() throws {
        let cases = try Self.cases.get()
        let named = Set(try Self.rows.get().flatMap(\.references).filter { $0.contains("/") })
        let gone = named.filter { start in
            let glob = IDGlob(start)
            return !cases.contains { glob.matches($0.id) }
        }
        #expect(named.count > 60)
        #expect(gone.sorted() == [])
    }

    @Test("Every test that is named exists")
    func namedTests() throws {
        let tests = try Self.tests.get()
        let named = Set(try Self.rows.get().flatMap(\.references).filter { !$0.contains("/") })
        let gone = named.filter { name in
            let parts = name.split(separator: ".")
            guard parts.count == 2, let text = tests[String(parts[0])] else { return true }
            let isThere = ["struct", "class"].contains { text.contains("\($0) \(parts[0])") }
            return !isThere || !text.contains("func \(parts[1])(")
        }
        #expect(named.count > 30)
        #expect(gone.sorted() == [])
    }

    @Test("Every case of the documented systems is named in a row")
    func complete() throws {
        let globs = try Self.rows.get().flatMap(\.references).filter { $0.contains("/") }.map { IDGlob($0) }
        let silent = Set(
            try Self.cases.get().filter { testCase in !globs.contains { $0.matches(testCase.id) } }.map { testCase in
                testCase.id.split(separator: "/").dropLast(3).joined(separator: "/")
            }
        )
        #expect(silent.sorted() == [])
    }
}
