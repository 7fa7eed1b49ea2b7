package import Campaign
package import ConformanceCatalogue
package import ConformanceModel

/// The folders that `run --keep failures` writes.
package struct KeptFailures {
    package var path: String
    package var catalogue: Catalogue
    /// The folder of scenarios that the user named.
    package var folder: String?

    package init(
        path: String,
        catalogue: Catalogue,
        folder: String? = nil
    ) {
        self.path = path
        self.catalogue = catalogue
        self.folder = folder
    }

    /// Writes a folder for each case that failed, with the run's own seed and time; a case that can't be played alone
    /// is named on standard error.
    package func write(_ report: RunReport, cases: [ConformanceCase], record: RunRecord) throws {
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
    package static func folderName(_ id: String) -> String {
        id.split(separator: "/").joined(separator: "--")
    }
}
