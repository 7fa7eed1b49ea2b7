import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("Baselines")
struct BaselineJSONTests {
    @Test("A baseline is one line a case, sorted, and is read back as it was")
    func golden() throws {
        var baseline = Baseline(SampleReport.mixed)
        baseline.medianMs["client-auth/credentials"] = 1.3
        baseline.catalogue = "fc04c87bdd282125"
        // Reasons are the results' alone.
        baseline.told = [:]
        let data = try BaselineJSON.encode(baseline)
        try GoldenFile(name: "baseline.json").expect(String(decoding: data, as: UTF8.self))
        #expect(try BaselineJSON.decode(data, from: "baseline.json") == baseline)
    }

    @Test("Times are rounded, so that a diff shows what changed")
    func rounding() throws {
        var baseline = Baseline(SampleReport.mixed)
        baseline.medianMs = ["a": 1.26, "b": 123.4]
        let read = try BaselineJSON.decode(BaselineJSON.encode(baseline), from: "b")
        #expect(read.medianMs == ["a": 1.3, "b": 123])
    }

    @Test("The results of a run are read as a baseline too")
    func results() throws {
        let data = try ResultsJSON.encode(SampleReport.mixed)
        #expect(try BaselineJSON.decode(data, from: "r.json") == Baseline(SampleReport.mixed))
    }

    @Test(
        "A file that is no baseline is refused with its name and the member",
        arguments: [
            ("{", "b.json: not JSON, or cut off"),
            (#"{"schema":1,"cases":{"a":"good"}}"#, "b.json: the top level has no member \"tool\""),
            (
                #"{"schema":9,"tool":{"name":"t","version":"1"},"environment":{},"medianMs":{},"cases":{}}"#,
                "b.json: its schema is 9"
            ),
            (
                #"{"schema":1,"tool":{"name":"t","version":"1"},"environment":{},"medianMs":{},"cases":{"a":"good"}}"#,
                "b.json: cases.a: "
            ),
        ]
    )
    func refused(text: String, message: String) {
        let error = #expect(throws: ResultsError.self) { try BaselineJSON.decode(Data(text.utf8), from: "b.json") }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
    }
}
