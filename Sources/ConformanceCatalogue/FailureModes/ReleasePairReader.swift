internal import ConformanceModel

/// Reads the block `release` of a failure mode's play.
struct ReleasePairReader {
    let log: IssueLog

    func pair(_ tree: YAMLTree) -> ReleasePair {
        let block = BlockReader(tree, "release", log: log)
        defer { block.finish() }
        var pair = ReleasePair(
            affected: release(block, "affected"),
            mended: release(block, "mended"),
            command: command(block),
            stages: stages(block),
            digest: tree.digest
        )
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

    private func release(_ block: BlockReader, _ key: String) -> ReleaseName {
        let text = block.required(key)
        if let name = ReleaseName(text) { return name }
        if !text.isEmpty {
            log.report("\(key) is a release such as caddy@2.10.2, not “\(text)”", line: block.line(of: key))
        }
        return ReleaseName(program: "", version: "")
    }

    private func command(_ block: BlockReader) -> ReleasePair.Command {
        let serve = block.strings("serve")
        let run = block.strings("run")
        switch (serve, run) {
        case (let words?, nil) where !words.isEmpty: return .serve(words)
        case (nil, let words?) where !words.isEmpty: return .run(words)
        default:
            log.report(
                "release needs serve (a server to ask) or run (a program that tells), one of them",
                line: block.line
            )
            return .run([])
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
            let affected = ask.string("affected")
            let mended = ask.string("mended")
            if both == nil ? (affected == nil || mended == nil) : (affected != nil || mended != nil) {
                log.report("“\(name)” needs affected and mended, or both for a control", line: item.line)
            }
            let outcomes = [affected ?? both ?? "", mended ?? both ?? ""].map(ReleaseOutcome.init)
            for outcome in outcomes {
                if let pattern = outcome.pattern, (try? Regex(pattern)) == nil {
                    log.report("“\(name)”: \(outcome) is no regular expression", line: item.line)
                }
            }
            return ReleasePair.Ask(name: name, subject: subject(ask), affected: outcomes[0], mended: outcomes[1])
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
        "preface", "sends", "see", "ciphers",
    ]

    /// A pair that shows nothing, or has nothing to compare with, is no pair.
    private func check(_ pair: ReleasePair, line: Int) {
        let asks = pair.stages.flatMap(\.asks)
        if pair.affected == pair.mended { log.report("affected and mended are the same release", line: line) }
        if !asks.isEmpty, asks.allSatisfy(\.isControl) {
            log.report("no answer of the two releases differs, so nothing is shown", line: line)
        }
        if !asks.contains(where: \.isControl) {
            log.report("the pair needs a control: a question with both, which both releases answer alike", line: line)
        }
        for stage in pair.stages where Set(stage.asks.map(\.name)).count != stage.asks.count {
            log.report("two questions of \(stage.name.isEmpty ? "the play" : stage.name) have one name", line: line)
        }
        if case .run = pair.command, asks.contains(where: { if case .connection = $0.subject { true } else { false } })
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
