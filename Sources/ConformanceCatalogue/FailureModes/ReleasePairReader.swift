internal import ConformanceModel

/// Reads the blocks `release` and `today` of a failure mode's play.
struct ReleasePairReader {
    let log: IssueLog
    var isToday = false

    func pair(_ tree: YAMLTree) -> ReleasePair {
        let block = BlockReader(tree, isToday ? "today" : "release", log: log)
        defer { block.finish() }
        var pair = isToday ? today(block, tree.digest) : releases(block, tree.digest)
        pair.companions = (block.strings("with") ?? []).compactMap { text in
            if let name = ReleaseName(text) { return name }
            log.report("with names releases such as go@1.26.1, not “\(text)”", line: block.line(of: "with"))
            return nil
        }
        pair.pki = pki(block)
        pair.files = texts(block, "files")
        pair.environment = texts(block, "environment")
        pair.prepare = commands(block, "prepare")
        check(pair, line: tree.line)
        return pair
    }

    private func releases(_ block: BlockReader, _ digest: String) -> ReleasePair {
        ReleasePair(
            affected: release(block, "affected"),
            mended: release(block, "mended"),
            command: command(block, isNeeded: true) ?? .run([]),
            stages: stages(block),
            digest: digest
        )
    }

    /// `shows` and `right` are blocks, since each stack is set in its own way.
    private func today(_ block: BlockReader, _ digest: String) -> ReleasePair {
        var names: [ReleaseName] = []
        var variants: [ReleaseRole: ReleasePair.Variant] = [:]
        let shared = command(block, isNeeded: false)
        for (role, key) in [(ReleaseRole.affected, "shows"), (.mended, "right")] {
            guard let tree = block.tree(key) else {
                log.report(
                    "today needs \(key): the stack, as stack: nginx, with what it alone is given",
                    line: block.line
                )
                names.append(ReleaseName(program: "", version: ""))
                continue
            }
            let half = BlockReader(tree, key, log: log)
            defer { half.finish() }
            names.append(release(half, "stack"))
            var variant = ReleasePair.Variant()
            variant.command = command(half, isNeeded: shared == nil)
            variant.files = texts(half, "files")
            variant.prepare = commands(half, "prepare")
            variant.environment = texts(half, "environment")
            variants[role] = variant
        }
        var pair = ReleasePair(
            affected: names[0],
            mended: names[1],
            command: shared ?? variants[.affected]?.command ?? .run([]),
            stages: stages(block),
            digest: digest
        )
        pair.isToday = true
        pair.variants = variants
        return pair
    }

    private func release(_ block: BlockReader, _ key: String) -> ReleaseName {
        let text = block.required(key)
        if let name = ReleaseName(text) ?? (isToday ? .installed(text) : nil) { return name }
        if !text.isEmpty {
            let example = isToday ? "a program such as nginx, or a release such as" : "a release such as"
            log.report("\(key) is \(example) caddy@2.10.2, not “\(text)”", line: block.line(of: key))
        }
        return ReleaseName(program: "", version: "")
    }

    private func command(_ block: BlockReader, isNeeded: Bool) -> ReleasePair.Command? {
        let serve = block.strings("serve")
        let run = block.strings("run")
        switch (serve, run) {
        case (let words?, nil) where !words.isEmpty: return .serve(words)
        case (nil, let words?) where !words.isEmpty: return .run(words)
        case (nil, nil) where !isNeeded: return nil
        default:
            log.report(
                "\(block.name) needs serve (a server to ask) or run (a program that tells), one of them",
                line: block.line
            )
            return nil
        }
    }

    private func pki(_ block: BlockReader) -> PKISpecification? {
        guard block.tree("pki") != nil else {
            _ = block.tree("credentials")
            _ = block.tree("crls")
            return nil
        }
        let book = RecipeBook(block)
        return PKISpecification(
            certificates: book.certificates,
            revocationLists: book.revocationLists,
            credentials: book.credentials
        )
    }

    private func texts(_ block: BlockReader, _ key: String) -> [String: String] {
        var result: [String: String] = [:]
        for entry in block.block(key) ?? [] {
            if key == "files", entry.key.contains("..") || entry.key.hasPrefix("/") {
                log.report("a file lies in the play's own folder: “\(entry.key)” leads out of it", line: entry.line)
            }
            result[entry.key] = block.string(entry.value, entry.key)
        }
        return result
    }

    private func commands(_ block: BlockReader, _ key: String) -> [[String]] {
        (block.list(key) ?? []).map { item in
            guard case .sequence(let words) = item.value else {
                log.report("\(key) is a list of commands, each a list of words", line: item.line)
                return []
            }
            return words.compactMap { block.string($0, key) }
        }
    }

    private func stages(_ block: BlockReader) -> [ReleasePair.Stage] {
        guard let items = block.list("stages") else {
            return [ReleasePair.Stage(name: "", asks: asks(block))]
        }
        if block.tree("asks") != nil {
            log.report("asks stand in the stages where there are some", line: block.line(of: "asks"))
        }
        return items.map { item in
            let inner = BlockReader(item, "stage", log: log)
            defer { inner.finish() }
            var stage = ReleasePair.Stage(name: inner.required("stage"), asks: asks(inner))
            stage.files = texts(inner, "files")
            stage.environment = texts(inner, "environment")
            for entry in inner.block("breaks") ?? [] {
                stage.breaks[entry.key] = inner.word(entry.value, "breaks", among: ReleasePair.Breakage.allCases)
            }
            return stage
        }
    }

    private func asks(_ block: BlockReader) -> [ReleasePair.Ask] {
        let items = block.list("asks") ?? []
        if items.isEmpty {
            log.report("\(block.name) needs asks: questions with the answer of each release", line: block.line)
        }
        return items.map { item in
            let ask = BlockReader(item, "ask", log: log)
            defer { ask.finish() }
            let name = ask.required("ask")
            let both = ask.string("both")
            let keys = isToday ? ["shows", "right"] : ["affected", "mended"]
            let affected = ask.string(keys[0])
            let mended = ask.string(keys[1])
            if both == nil ? (affected == nil || mended == nil) : (affected != nil || mended != nil) {
                log.report("“\(name)” needs \(keys[0]) and \(keys[1]), or both for a control", line: item.line)
            }
            let outcomes = [affected ?? both ?? "", mended ?? both ?? ""].map(ReleaseOutcome.init)
            for outcome in outcomes {
                if let pattern = outcome.pattern, (try? Regex(pattern)) == nil {
                    log.report("“\(name)”: \(outcome) is no regular expression", line: item.line)
                }
            }
            var read = ReleasePair.Ask(name: name, subject: subject(ask), affected: outcomes[0], mended: outcomes[1])
            read.settles = ask.bool("settles") ?? false
            if read.settles, !read.isControl {
                log.report("“\(name)” settles, so it must be a control: both halves answer alike then", line: item.line)
            }
            return read
        }
    }

    private func subject(_ ask: BlockReader) -> ReleasePair.Subject {
        if ask.bool("starts") == true { return .starts }
        if ask.bool("survives") == true { return .survives }
        if ask.bool("ends") == true { return .ends }
        if let pattern = ask.string("log") {
            if (try? Regex(pattern)) == nil { log.report("log: “\(pattern)” is no regular expression", line: ask.line) }
            return .log(pattern)
        }
        if ask.bool("told") == true { return .told }
        var options: [String] = []
        for key in Self.options {
            if let value = ask.string(key) { options += ["--\(key)", value] }
        }
        return .connection(options)
    }

    /// The options of scenarios/peers/common/ask.py.
    static let options = [
        "identity", "roots", "sni", "host", "method", "path", "tls", "records", "segments", "alpn",
        "preface", "sends", "see", "ciphers", "header", "port2", "plain",
    ]

    /// A pair that shows nothing, or has nothing to compare with, is no pair.
    private func check(_ pair: ReleasePair, line: Int) {
        let asks = pair.stages.flatMap(\.asks)
        if pair.affected == pair.mended, !pair.isToday {
            log.report("affected and mended are the same release", line: line)
        }
        if !asks.isEmpty, asks.allSatisfy(\.isControl) {
            log.report("no answer of the two releases differs, so nothing is shown", line: line)
        }
        if !asks.contains(where: \.isControl) {
            log.report("the pair needs a control: a question with both, which both releases answer alike", line: line)
        }
        for stage in pair.stages where Set(stage.asks.map(\.name)).count != stage.asks.count {
            log.report("two questions of \(stage.name.isEmpty ? "the play" : stage.name) have one name", line: line)
        }
        let commands = ReleaseRole.allCases.map { pair.played(as: $0).command }
        if commands.contains(where: { if case .run = $0 { true } else { false } }),
            asks.contains(where: { if case .connection = $0.subject { true } else { false } })
        {
            log.report("a program that runs to its end is asked with told, ends or log", line: line)
        }
    }
}

extension YAMLTree {
    /// A hash of all keys and values, in their order and without layout or comments.
    var digest: String {
        var text = ""
        flatten(into: &text)
        let value = StableHash(text).value
        return String(value, radix: 16)
    }

    private func flatten(into text: inout String) {
        switch value {
        case .scalar(let scalar, _): text += "s\(scalar.utf8.count):\(scalar)"
        case .sequence(let items):
            text += "[\(items.count)"
            for item in items { item.flatten(into: &text) }
        case .mapping(let entries):
            text += "{\(entries.count)"
            for entry in entries {
                text += "k\(entry.key.utf8.count):\(entry.key)"
                entry.value.flatten(into: &text)
            }
        }
    }
}
