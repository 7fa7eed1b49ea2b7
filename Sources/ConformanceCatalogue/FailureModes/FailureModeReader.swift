internal import ConformanceModel

/// Reads one file of a failure mode.
struct FailureModeReader {
    let log: IssueLog
    let expectedID: String

    func mode(_ tree: YAMLTree) -> FailureMode {
        let root = BlockReader(tree, "the failure mode", log: log)
        defer { root.finish() }
        let id = root.required("failure-mode")
        if !id.isEmpty, id != expectedID {
            log.report(
                "the failure mode is named “\(id)”, and its file “\(expectedID)”",
                line: root.line(of: "failure-mode")
            )
        }
        let (play, releases) = play(root)
        var mode = FailureMode(
            id: id,
            title: root.required("title"),
            group: word(root, "group") ?? .credential,
            layer: word(root, "layer") ?? .handshake,
            rank: root.int("rank"),
            sources: sources(root),
            right: root.required("right"),
            field: root.required("field"),
            verdict: root.required("verdict"),
            symptoms: symptoms(root),
            causes: causes(root),
            misreadings: root.strings("not") ?? [],
            fixes: fixes(root),
            play: play
        )
        mode.releases = releases
        mode.aliases = root.strings("ids") ?? []
        mode.affects = affects(root)
        return mode
    }

    private func word<Word>(_ root: BlockReader, _ key: String) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        if root.tree(key) == nil {
            log.report("the failure mode lacks “\(key)”", line: root.line)
        }
        return root.word(key)
    }

    private func sources(_ root: BlockReader) -> [String] {
        let sources = root.strings("sources") ?? []
        if sources.isEmpty {
            log.report("the failure mode needs sources: a list of addresses", line: root.line(of: "sources"))
        }
        return sources
    }

    private func symptoms(_ root: BlockReader) -> [FailureMode.Symptom] {
        (root.list("symptoms") ?? []).map { item in
            let block = BlockReader(item, "symptom", log: log)
            defer { block.finish() }
            let text = block.required("text")
            if SymptomPattern(text).weight < SymptomPattern.least {
                log.report("the text “\(text)” is too short to tell anything", line: item.line)
            }
            let place = block.int("place") ?? 1
            if place < 1 { log.report("place counts from 1", line: item.line) }
            return FailureMode.Symptom(stack: block.required("stack"), text: text, place: max(1, place))
        }
    }

    private func causes(_ root: BlockReader) -> [FailureMode.Cause] {
        let causes = (root.list("causes") ?? []).map { item in
            let block = BlockReader(item, "cause", log: log)
            defer { block.finish() }
            return FailureMode.Cause(cause: block.required("cause"), tell: block.required("tell"))
        }
        if causes.isEmpty { log.report("the failure mode needs causes", line: root.line(of: "causes")) }
        return causes
    }

    private func fixes(_ root: BlockReader) -> [FailureMode.Fix] {
        let entries = root.block("fix") ?? []
        if entries.isEmpty {
            log.report("the failure mode needs a fix: a block of stacks, or of any", line: root.line(of: "fix"))
        }
        return entries.compactMap { entry in
            root.string(entry.value, "fix").map { FailureMode.Fix(stack: entry.key, action: $0) }
        }
    }

    /// `affects: {go: ["1.25.5", "1.26 1.26.2"]}`: before the one version, or from the first and before the second.
    private func affects(_ root: BlockReader) -> [AffectedVersions] {
        (root.block("affects") ?? []).flatMap { entry -> [AffectedVersions] in
            guard case .sequence(let items) = entry.value.value else {
                log.report("affects has a list of ranges for each program", line: entry.line)
                return []
            }
            return items.compactMap { item in
                let words = (item.text ?? "").split(separator: " ").map(String.init)
                guard (1...2).contains(words.count) else {
                    log.report(
                        "a range is the mended version, or the first affected and the mended one",
                        line: item.line
                    )
                    return nil
                }
                return AffectedVersions(
                    program: entry.key,
                    from: words.count == 2 ? words[0] : nil,
                    before: words.last
                )
            }
        }
    }

    private func play(_ root: BlockReader) -> (FailureMode.Play, ReleasePair?) {
        guard let tree = root.tree("play") else {
            log.report("the failure mode lacks “play”", line: root.line)
            return (.reason(""), nil)
        }
        let block = BlockReader(tree, "play", log: log)
        defer { block.finish() }
        let release = block.tree("release").map { ReleasePairReader(log: log).pair($0) }
        let today = block.tree("today").map { ReleasePairReader(log: log, isToday: true).pair($0) }
        if release != nil, today != nil { log.report("play has release or today, one of them", line: tree.line) }
        let pair = release ?? today
        if pair != nil, block.tree("cases") == nil { return (.releases, pair) }
        if block.tree("not-played") != nil { return (.reason(block.required("not-played")), nil) }
        let globs = block.strings("cases") ?? []
        if globs.isEmpty { log.report("play needs cases, or a reason under not-played", line: tree.line) }
        return (.cases(globs: globs, wrong: wrong(block)), pair)
    }

    private func wrong(_ play: BlockReader) -> FailureMode.Wrong {
        guard let tree = play.tree("wrong") else {
            log.report("play needs wrong: a mutant, or a stack and the rule that it answers otherwise", line: play.line)
            return .mutant("")
        }
        let block = BlockReader(tree, "wrong", log: log)
        defer { block.finish() }
        if block.tree("mutant") != nil { return .mutant(block.required("mutant")) }
        return .profile(stack: Stack(rawValue: block.required("stack")), name: block.required("rule"))
    }
}

/// A text to look for in a line of a log, however its stack spells it.
///
/// Letters' case, runs of white space, and underscores, which stacks put between the same words, make no difference.
package struct SymptomPattern: Hashable, Sendable {
    /// The parts between stars, which must follow one another in one line.
    private let parts: [String]
    /// The characters that the pattern fixes: the more, the more it says.
    package let weight: Int

    /// Below this weight a pattern fits everything.
    static let least = 5

    package init(_ text: String) {
        parts = text.split(separator: "*").map { Self.normalized(String($0)) }.filter { !$0.isEmpty }
        weight = parts.reduce(0) { $0 + $1.count }
    }

    /// Whether a line that was ``normalized(_:)`` holds the pattern.
    package func matches(normalized line: String) -> Bool {
        var rest = line[...]
        for part in parts {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return !parts.isEmpty
    }

    /// A line as patterns see it.
    package static func normalized(_ line: String) -> String {
        var text = ""
        for character in line.lowercased() {
            let isGap = character.isWhitespace || character == "_"
            guard isGap else {
                text.append(character)
                continue
            }
            if text.last != " ", !text.isEmpty { text.append(" ") }
        }
        return text.last == " " ? String(text.dropLast()) : text
    }
}
