import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("The journal of a run")
struct JournalTests {
    private let header = JournalHeader(
        tool: Tool(name: "countersign", version: "1"),
        environment: ["gnutls": "3.7.9"],
        seed: 7,
        now: 1_790_000_000,
        plan: RunPlanRecord(
            catalogue: "c",
            commit: nil,
            selection: .init(),
            expectsEveryRule: false,
            selected: SampleReport.mixed.cases.map(\.id)
        )
    )

    private func written() throws -> Data {
        try SampleReport.mixed.cases.reduce(Journal.line(header)) { try $0 + Journal.line($1) } + Journal.end
    }

    @Test("What was written is read back")
    func roundTrip() throws {
        let data = try written()
        let journal = try Journal(reading: data, from: "j")
        #expect(journal.header == header)
        #expect(journal.results == SampleReport.mixed.cases)
        #expect(journal.isFinished)
        #expect(journal.wholeBytes == data.count)
    }

    @Test("Cut anywhere, it holds every line that is whole, and says where the torn one begins")
    func torn() throws {
        let data = try written()
        let ends = data.indices.filter { data[$0] == 0x0A }.map { $0 + 1 }
        for length in 0...data.count {
            let journal = try Journal(reading: data.prefix(length), from: "j")
            let whole = ends.filter { $0 <= length }
            #expect(journal.wholeBytes == whole.last ?? 0)
            #expect((journal.header == nil) == whole.isEmpty)
            #expect(journal.results.count == min(max(0, whole.count - 1), SampleReport.mixed.cases.count))
            #expect(journal.isFinished == (length == data.count))
        }
    }

    @Test("A last line that is not one is taken as torn, one before it is an error with its number")
    func damaged() throws {
        let data = try Journal.line(header) + Journal.line(SampleReport.mixed.cases[0])
        let zeroed = data + Data(count: 40) + [0x0A]
        #expect(try Journal(reading: zeroed, from: "j").wholeBytes == data.count)
        let error = #expect(throws: ResultsError.self) { try Journal(reading: zeroed + Journal.end, from: "j") }
        #expect(error?.description.hasPrefix("j, line 3: not a line of a journal") == true)
    }

    @Test("A case that is there twice is an error: two runs wrote to the file")
    func twice() throws {
        let line = try Journal.line(SampleReport.mixed.cases[0])
        let error = #expect(throws: ResultsError.self) {
            try Journal(reading: Journal.line(header) + line + line, from: "j")
        }
        #expect(error?.description.contains("line 3: the case client-auth/credentials/") == true)
    }

    @Test("Everything in which two runs differ is said")
    func differences() {
        var other = header
        #expect(header.differences(from: other).isEmpty)
        other.seed = 8
        other.plan.catalogue = "d"
        #expect(header.differences(from: other) == ["the seed was 7 and is 8", "the catalogue was c and is d"])
    }
}
