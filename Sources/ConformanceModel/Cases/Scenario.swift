/// A file under scenarios/: one idea, its sources, and the cases that it stands for.
package struct Scenario: Sendable {
    /// The path under scenarios/ without `.yaml`.
    package var id: String
    package var title: String
    package var sources: [ScenarioSource]
    /// The file as it was named to the loader.
    package var file: String
    /// In the order of the axes' values, the first axis slowest.
    package var cases: [ConformanceCase]

    package init(id: String, title: String, sources: [ScenarioSource], file: String, cases: [ConformanceCase]) {
        self.id = id
        self.title = title
        self.sources = sources
        self.file = file
        self.cases = cases
    }
}
