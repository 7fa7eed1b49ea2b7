internal import ConformanceModel

/// The stacks of a run, and what each of them answers otherwise: holes first, then groups of rules.
struct ProfileTable {
    private let profiles: [(stack: String, profile: InferredProfile)]

    init(_ report: RunReport) {
        profiles = (report.profiles ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func add(to document: inout BoundedDocument) {
        guard !profiles.isEmpty else { return }
        document.add(
            "\n## Profiles\n\nWhat each stack was seen to answer otherwise than the rules, and how many cases show it.\n"
        )
        addHoles(to: &document)
        addGroups(to: &document)
        addEntries(to: &document)
    }

    private func addHoles(to document: inout BoundedDocument) {
        document.add("\n### Holes\n\n")
        let holes = profiles.flatMap { stack, profile in
            profile.rules(of: .hole).map { (stack, $0, profile.rules[$0]) }
        }
        guard !holes.isEmpty else { return document.add("None was seen.\n") }
        document.add(MarkdownText.header(["Stack", "Rule", "Cases", "For example"]))
        document.add(
            holes.map { stack, rule, entry in
                {
                    MarkdownText.row([
                        MarkdownText.cell(stack), MarkdownText.cell(rule), Count.grouped(entry?.count ?? 0),
                        MarkdownText.cell(entry?.cases.first ?? ""),
                    ])
                }
            },
            noun: "hole"
        )
    }

    /// Stacks by groups of rules: kept of decided, and a mark for each class of difference.
    private func addGroups(to document: inout BoundedDocument) {
        let groups = ProfileGroups(profiles)
        document.add("\n### Stacks and groups of rules\n\n\(ProfileGroups.legend)\n\n")
        document.add(MarkdownText.header(["Stack"] + groups.names + ["Undecided", "Unexplained", "Nearest"]))
        document.add(
            groups.rows.map { row in
                {
                    MarkdownText.row(
                        [MarkdownText.cell(row.stack)] + row.cells.map(\.text)
                            + [row.undecided, row.unexplained, MarkdownText.cell(row.nearest)]
                    )
                }
            },
            noun: "stack"
        )
    }

    private func addEntries(to document: inout BoundedDocument) {
        let entries = profiles.flatMap { stack, profile in
            profile.rules.sorted { ($0.value.class, $0.key) < ($1.value.class, $1.key) }.map {
                (stack, $0.key, $0.value)
            }
        }
        guard !entries.isEmpty else { return }
        document.add("\n### Rules answered otherwise\n\n")
        document.add(MarkdownText.header(["Stack", "Rule", "Class", "Answer", "Side", "Cases"]))
        document.add(
            entries.map { stack, rule, entry in
                {
                    MarkdownText.row([
                        MarkdownText.cell(stack), MarkdownText.cell(rule), entry.class.rawValue,
                        entry.answer.rawValue, entry.side?.rawValue ?? "both", Count.grouped(entry.count),
                    ])
                }
            },
            noun: "rule"
        )
    }
}

/// Stacks by groups of rules: rules kept of rules decided.
struct ProfileGroups {
    struct Row {
        let stack: String
        /// In the order of the groups' names.
        let cells: [(text: String, worst: DifferenceClass?)]
        let undecided: String
        let unexplained: String
        let nearest: String
    }

    static let legend = "Rules kept of rules decided; ‼ marks a hole."

    let names: [String]
    let rows: [Row]

    init(_ profiles: [(stack: String, profile: InferredProfile)]) {
        let names = Set(profiles.flatMap { ($0.profile.kept + $0.profile.rules.keys).map(Self.group) }).sorted()
        self.names = names
        rows = profiles.map { stack, profile in
            let nearest = profile.nearest.first.map { near in
                "\(near.stack.rawValue) \(Int((near.agreement * 100).rounded()))%"
            }
            return Row(
                stack: stack,
                cells: names.map { Self.cell(of: $0, profile) },
                undecided: Count.grouped(profile.undecided.count),
                unexplained: Count.grouped(profile.unexplained.count),
                nearest: nearest ?? "–"
            )
        }
    }

    private static func cell(of group: String, _ profile: InferredProfile) -> (text: String, worst: DifferenceClass?) {
        let kept = profile.kept.count { Self.group($0) == group }
        let others = profile.rules.filter { Self.group($0.key) == group }.map(\.value.class)
        guard kept + others.count > 0 else { return ("–", nil) }
        let mark = others.contains(.hole) ? " ‼" : ""
        return ("\(kept)/\(kept + others.count)\(mark)", others.min())
    }

    private static func group(_ rule: String) -> String {
        String(rule.prefix { $0 != "/" })
    }
}
