import Testing

@testable import ConformanceCatalogue
@testable import ConformanceModel

@Suite("The catalogue of failure modes")
struct FailureModeCatalogueTests {
    private let catalogue: FailureModeCatalogue

    init() throws {
        catalogue = try Repository.failureModes.get()
    }

    @Test("Every group has entries, and each entry names where it can be read")
    func groups() {
        #expect(Set(catalogue.modes.map(\.group)) == Set(FailureMode.Group.allCases))
        for mode in catalogue.modes {
            #expect(mode.sources.allSatisfy { $0.hasPrefix("https://") }, "\(mode.id)")
        }
    }

    @Test("The thirty that cost most are there, each with its rank")
    func ranks() {
        #expect(catalogue.modes.compactMap(\.rank) == Array(1...30))
    }

    @Test("A file that is wrong is refused with every mistake in it")
    func mistakes() {
        let yaml = """
            failure-mode: other
            title: A title
            group: credentials
            layer: handshake
            sources: []
            right: r
            field: f
            symptoms: [{stack: go, text: x}]
            causes: []
            fix: {}
            play: {cases: []}
            causs: []
            """
        let error = #expect(throws: ScenarioError.self) {
            try FailureModeCatalogue.mode(yaml: yaml, file: "failure-modes/mine.yaml")
        }
        let messages = error?.issues.map(\.message) ?? []
        for part in [
            "the failure mode is named “other”, and its file “mine”", "the nearest known group is “credential”",
            "needs sources", "lacks “verdict”", "too short to tell anything", "needs causes", "needs a fix",
            "play needs cases", "play needs wrong", "the nearest known key is “causes”",
        ] {
            #expect(messages.contains { $0.contains(part) }, "\(part) is not among \(messages)")
        }
    }

    @Test("A reason stands for the play of one that can't be played")
    func reason() throws {
        let mode = try #require(catalogue["cfg-stunnel-redirect"])
        guard case .reason(let reason) = mode.play else {
            Issue.record("it is played")
            return
        }
        #expect(reason.contains("stunnel"))
    }
}

/// This repository, found from this file: tests run in any working directory.
enum Repository {
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    static let failureModes = Result { try FailureModeCatalogue.load(directory: root + "/scenarios") }
}
