internal import ConformanceModel

/// Gathers what is wrong with one file, so that its author sees all of it at once.
final class IssueLog {
    let file: String
    private(set) var issues: [ScenarioError.Issue] = []

    init(file: String) {
        self.file = file
    }

    func report(_ message: String, line: Int?) {
        let issue = ScenarioError.Issue(file: file, line: line, message: HiddenKeys.of(message))
        // One wrong value in a shared block can be met from several places.
        if !issues.contains(issue) {
            issues.append(issue)
        }
    }

    /// Reports a name that is none of the known ones, with the nearest of them.
    func reportUnknown(_ kind: String, _ name: String, in place: String? = nil, known: [String], line: Int?) {
        let subject = "unknown \(kind) “\(name)”" + (place.map { " in \($0)" } ?? "")
        if let nearest = Spelling.nearest(to: name, in: known) {
            report("\(subject); the nearest known \(kind) is “\(nearest)”", line: line)
        } else if known.isEmpty {
            report("\(subject); there is none", line: line)
        } else {
            report("\(subject); known are \(known.sorted().joined(separator: ", "))", line: line)
        }
    }

    func throwIfAny() throws(ScenarioError) {
        guard !issues.isEmpty else { return }
        throw ScenarioError(issues.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
}
