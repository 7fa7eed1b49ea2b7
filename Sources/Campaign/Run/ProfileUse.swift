internal import ConformanceCatalogue
internal import ConformanceJudge
package import ConformanceModel
internal import Foundation

/// The profiles and known holes that a run compares its subjects with, and the profile that it writes.
package struct ProfileUse {
    /// The file of a profile that the subject is pinned to.
    private let profile: String?
    /// The file that the subject's profile is written to.
    private let writeProfile: String?
    /// Whether a stricter stack and other wording fail too.
    let isStrict: Bool
    private let knownHoles: String?

    package init(profile: String? = nil, writeProfile: String? = nil, isStrict: Bool = false, knownHoles: String? = nil)
    {
        self.profile = profile
        self.writeProfile = writeProfile
        self.isStrict = isStrict
        self.knownHoles = knownHoles
    }

    /// The holes that a run knows of: those of the file, or of the catalogue where it plays its own stacks.
    func holes(besides scenarios: String, isDefault: Bool) throws -> KnownHoles {
        if let knownHoles { return try KnownHoles.load(knownHoles) }
        let own = "\(scenarios)/\(KnownHoles.fileName)"
        guard isDefault, FileManager.default.fileExists(atPath: own) else { return KnownHoles() }
        return try KnownHoles.load(own)
    }

    /// The profiles of a run, with the one that its subject is held to.
    func profiles(_ known: [Profile], subjects: [Stack]) throws -> [Profile] {
        guard profile != nil || writeProfile != nil else { return known }
        guard let subject = subjects.first, subjects.count == 1 else {
            throw CommandError.usage(
                "--profile and --write-profile are about one subject: a --target, a --client-trigger, a --subject or a "
                    + "--peer; this run has \(subjects.count)"
            )
        }
        guard let profile else { return known }
        let text: String
        do {
            text = try String(contentsOfFile: profile, encoding: .utf8)
        } catch {
            throw CommandError.usage("--profile \(profile) can't be read: \(FileReason.of(error))")
        }
        let pinned = try Profile.profile(yaml: text, file: profile, anyStack: true).renamed(subject)
        return known.filter { $0.stack != subject } + [pinned]
    }

    /// Writes the profile of the subject, whether anything was known of it or not.
    func write(_ cases: [ConformanceCase], _ results: [CaseResult], subjects: [Stack], _ known: ProfileSet) throws {
        guard let writeProfile, let subject = subjects.first else { return }
        let evidence = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let found = ProfileInference(stack: subject, profiles: known).result(
            results.compactMap { result in evidence[result.id].flatMap { Evidence($0, result: result) } }
        )
        do {
            try found.profile.yaml.write(toFile: writeProfile, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError.usage("--write-profile \(writeProfile) can't be written: \(FileReason.of(error))")
        }
    }
}

/// The answer to the two questions that the owner of a server or a client has: whom does it let in that must stay out, and
/// what else does it do otherwise than the rules.
package struct SubjectSummary {
    private let name: String
    private let profile: InferredProfile
    private let cases: [CaseResult]
    private let rules: [String: RuleDescription]

    /// Nil for a report that says nothing of the stack.
    package init?(of stack: Stack, named name: String, in report: RunReport, rules: [RuleDescription]) {
        guard let profile = report.profiles?[stack.rawValue] else { return nil }
        self.name = name
        self.profile = profile
        cases = report.cases
        self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var text: String {
        let holes = profile.rules(of: .hole)
        let asked = "\(profile.decided.asked) rules asked; \(profile.undecided.count) undecided"
        var lines: [String] = []
        if holes.isEmpty, profile.unexplained.isEmpty {
            lines.append("\(name) lets nobody in who must stay out, in \(asked).")
        } else if holes.isEmpty {
            lines.append("\(name) did in \(profile.unexplained.count) cases what no rule explains, in \(asked).")
        } else {
            lines.append("\(name) lets in who must stay out, by \(holes.count) of \(asked):")
        }
        for rule in holes { lines += told(rule, "hole") }
        for rule in profile.rules(of: .stricter) { lines += told(rule, "stricter") }
        if let unruled = profile.unruled, let first = unruled.first {
            lines.append("  stricter  \(unruled.count) cases are refused, and no rule says why")
            lines.append(witness(first, of: unruled.count))
        }
        for rule in profile.rules(of: .wording) { lines += told(rule, "wording") }
        for (defect, alerts) in profile.alerts.sorted(by: { $0.key < $1.key }) {
            lines.append("  wording   \(defect) is refused with \(alerts.joined(separator: ", "))")
        }
        if !profile.undecided.isEmpty {
            lines.append("  undecided \(profile.undecided.joined(separator: ", "))")
        }
        let unasked = Dictionary(grouping: cases.filter { $0.verdict == .unsupported }) {
            $0.reason ?? "no reason told"
        }
        for (reason, cases) in unasked.sorted(by: { $0.key < $1.key }) {
            lines.append("  not asked \(cases.count) cases: \(reason)")
        }
        if let nearest = profile.nearest.first {
            lines.append(
                "  nearest   \(nearest.stack.rawValue), \(Int((nearest.agreement * 100).rounded())) % agreement"
            )
        }
        return lines.joined(separator: "\n")
    }

    /// The rule with its citation, a case that shows it, and what the server said there.
    private func told(_ rule: String, _ word: String) -> [String] {
        guard let otherwise = profile.rules[rule] else { return [] }
        let sentence = rules[rule].map { "\($0.sentence) (\($0.citation))" } ?? ""
        var lines = ["  \(word.padded(to: 9)) \(rule): \(sentence)"]
        guard let id = otherwise.cases.first else { return lines }
        lines.append(witness(id, of: otherwise.count))
        return lines
    }

    private func witness(_ id: String, of count: Int) -> String {
        let more = count > 1 ? ", and \(count - 1) more" : ""
        let seen = cases.first { $0.id == id }?.observed.client.last?.detail.map { ": \($0)" } ?? ""
        return "            seen in \(id)\(more)\(seen)"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
