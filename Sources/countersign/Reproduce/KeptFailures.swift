internal import ArgumentParser
internal import ConformanceCatalogue
internal import ConformanceModel

/// Which cases of a run are written down for others to look into.
enum KeptCases: String, CaseIterable, ExpressibleByArgument {
    case failures
}

/// The folders that `run --keep failures` writes.
struct KeptFailures {
    var path: String
    var catalogue: Catalogue
    /// The folder of scenarios that the user named.
    var folder: String?

    /// Writes a folder for each case that failed, with the run's own seed and time; a case that can't be played alone
    /// is named on standard error.
    func write(_ report: RunReport, cases: [ConformanceCase], record: RunRecord) throws {
        let failed = Set(report.cases.filter { $0.verdict == .failed || $0.verdict == .unexpectedlyPassed }.map(\.id))
        guard !failed.isEmpty else { return }
        let failureModes = try FailureModeCatalogue.load(directory: ScenarioFolder.find(named: folder))
        for testCase in cases where failed.contains(testCase.id) {
            let reproduction = ReproductionFolder(
                path: "\(path)/\(Self.folderName(testCase.id))",
                testCase: testCase,
                profiles: catalogue.profiles,
                failureModes: failureModes
            )
            do {
                _ = try reproduction.write(seed: record.seed, now: record.now)
            } catch let error as CommandError {
                ErrorOutput.write("countersign: \(error.message)\n")
            }
        }
    }

    /// The id as one name of a folder.
    static func folderName(_ id: String) -> String {
        id.split(separator: "/").joined(separator: "--")
    }
}
