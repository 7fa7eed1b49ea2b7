import ConformanceCatalogue
import ConformanceModel
import Testing

@testable import Diagnostics

@Suite("A diagnosis of a log line")
struct DiagnosisTests {
    private let catalogue: FailureModeCatalogue

    init() throws {
        catalogue = try Repository.failureModes.get()
    }

    @Test("There are at least forty recorded lines, of all stacks that the failure modes speak of")
    func breadth() throws {
        let lines = try RecordedLine.all()
        #expect(lines.count >= 40)
        #expect(Set(lines.map(\.first)).count >= 20)
    }

    @Test("Each recorded line leads to its failure mode first", arguments: try RecordedLine.all())
    func first(line: RecordedLine) throws {
        let diagnosis = try #require(Diagnosis(of: line.text, by: catalogue))
        #expect(diagnosis.candidates.first?.id == line.first)
        let others = diagnosis.candidates.dropFirst().map(\.id)
        for id in line.beside { #expect(others.contains(id), "\(others) lacks \(id)") }
        #expect(!diagnosis.fixes.isEmpty)
        #expect(!diagnosis.evidence.isEmpty)
        #expect(diagnosis.prove.first == "countersign explain \(line.first)")
    }

    @Test("Text around the line, another case and other white space make no difference")
    func surroundings() throws {
        let text = "10:00:01 INFO started\n\n  APP: SSLV3   ALERT CERTIFICATE_EXPIRED \r\n10:00:02 INFO ended"
        let diagnosis = try #require(Diagnosis(of: text, by: catalogue))
        #expect(diagnosis.candidates.first?.id == "cred-expired-client")
        #expect(diagnosis.observed.count == 1)
        #expect(diagnosis.observed[0].hasPrefix("APP: SSLV3"))
    }

    @Test("The reason in a server's log outweighs the alert beside it")
    func reason() throws {
        let text = """
            remote error: tls: bad certificate
            tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage
            """
        let diagnosis = try #require(Diagnosis(of: text, by: catalogue))
        #expect(diagnosis.candidates.first?.id == "cred-serverauth-only-eku")
    }

    @Test(
        "Text without a symptom has no diagnosis",
        arguments: ["", "   ", "all is well", "connected to 10.0.0.1:443"]
    )
    func nothing(text: String) {
        #expect(Diagnosis(of: text, by: catalogue) == nil)
    }

    @Test("An alert that says little is said to be ambiguous")
    func ambiguity() throws {
        let diagnosis = try #require(Diagnosis(of: "remote error: tls: bad certificate", by: catalogue))
        #expect(diagnosis.isAmbiguous)
        #expect(diagnosis.misreadings.contains { $0.contains("doesn't say that a file is damaged") })
    }

    @Test("The advice that alert 42 means a missing certificate is contradicted")
    func advice() throws {
        let diagnosis = try #require(Diagnosis(of: "TLS alert 42 means certificate required", by: catalogue))
        #expect(diagnosis.candidates.first?.id == "cfg-web-advice-wrong")
        #expect(diagnosis.misreadings.contains("Alert 42 doesn't mean certificate required; that is 116."))
    }

    @Test("A wrong version number is said to be no matter of versions, and an alert's era no version")
    func versions() throws {
        let plain = try #require(Diagnosis(of: "SSL routines::wrong version number", by: catalogue))
        #expect(plain.misreadings.contains("It is never about TLS versions."))
        let era = try #require(Diagnosis(of: "sslv3 alert handshake failure", by: catalogue))
        #expect(era.misreadings.contains { $0.contains("not which version was negotiated") })
    }

    @Test("No fix turns verification off or lowers the security level")
    func harmless() {
        for mode in catalogue.modes {
            for fix in mode.fixes {
                let text = fix.action.lowercased()
                #expect(!text.contains("insecureskipverify"), "\(mode.id)")
                #expect(!text.contains("seclevel=0"), "\(mode.id)")
                #expect(!text.contains("--insecure"), "\(mode.id)")
            }
        }
    }
}
