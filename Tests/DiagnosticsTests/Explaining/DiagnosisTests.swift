import ConformanceCatalogue
import ConformanceModel
import Testing

@testable import Diagnostics

@Suite("What is known of a failure mode")
struct DiagnosisTests {
    private let catalogue: FailureModeCatalogue

    init() throws {
        catalogue = try Repository.failureModes.get()
    }

    @Test("A wrong version number is said to be no matter of versions")
    func versions() throws {
        let mode = try #require(catalogue["proto-tls-to-plaintext"])
        #expect(Diagnosis(mode).misreadings.contains("The cause is never a TLS version."))
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

/// This repository, found from this file: tests run in any working directory.
enum Repository {
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    static let failureModes = Result { try FailureModeCatalogue.load(directory: root + "/scenarios") }
}
