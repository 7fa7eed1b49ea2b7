internal import ConformanceModel

/// Reads a YAML block key by key, reports values of the wrong kind, and at its end the keys that nobody asked for.
final class BlockReader {
    /// The name of the block in messages, for example `server`.
    let name: String
    let line: Int
    let log: IssueLog
    private var entries: [String: YAMLTree.Entry] = [:]
    private var known: [String] = []
    private let order: [String]

    init(_ tree: YAMLTree, _ name: String, log: IssueLog) {
        self.name = name
        self.log = log
        line = tree.line
        guard case .mapping(let list) = tree.value else {
            order = []
            if !tree.isNull {
                log.report("\(name) must be a block of keys, not \(tree.kind)", line: tree.line)
            }
            return
        }
        order = list.map(\.key)
        for entry in list {
            entries[entry.key] = entry
        }
    }

    /// The value of a key, which is known from now on; nil when it isn't there.
    func tree(_ key: String) -> YAMLTree? {
        known.append(key)
        return entries[key]?.value
    }

    func line(of key: String) -> Int {
        entries[key]?.line ?? line
    }

    func string(_ key: String) -> String? {
        guard let tree = tree(key) else { return nil }
        return string(tree, key)
    }

    /// Reports when the key is missing, and then returns an empty string.
    func required(_ key: String) -> String {
        guard entries[key] != nil else {
            known.append(key)
            log.report("\(name) lacks “\(key)”", line: line)
            return ""
        }
        return string(key) ?? ""
    }

    func bool(_ key: String) -> Bool? {
        guard let tree = tree(key) else { return nil }
        switch tree.text {
        case "true": return true
        case "false": return false
        default:
            log.report("\(key) of \(name) must be true or false, not \(tree.kind)", line: tree.line)
            return nil
        }
    }

    func int(_ key: String) -> Int? {
        guard let tree = tree(key) else { return nil }
        guard let number = tree.text.flatMap({ Int($0) }), number >= 0 else {
            log.report("\(key) of \(name) must be a number, 0 or greater, not \(tree.kind)", line: tree.line)
            return nil
        }
        return number
    }

    func strings(_ key: String) -> [String]? {
        list(key)?.compactMap { string($0, key) }
    }

    /// The items of a list, each with its line.
    func list(_ key: String) -> [YAMLTree]? {
        guard let tree = tree(key) else { return nil }
        guard case .sequence(let items) = tree.value else {
            log.report("\(key) of \(name) must be a list, not \(tree.kind)", line: tree.line)
            return nil
        }
        return items
    }

    /// The entries of a block, in the order in which they are written.
    func block(_ key: String) -> [YAMLTree.Entry]? {
        guard let tree = tree(key) else { return nil }
        guard case .mapping(let entries) = tree.value else {
            if !tree.isNull {
                log.report("\(key) of \(name) must be a block of keys, not \(tree.kind)", line: tree.line)
            }
            return nil
        }
        return entries
    }

    /// One of the raw values of an enumeration, reported as an unknown `kind` otherwise.
    func word<Word>(_ key: String, as kind: String? = nil, _: Word.Type = Word.self) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        guard let tree = tree(key) else { return nil }
        return word(tree, kind ?? key, among: Array(Word.allCases))
    }

    func word<Word: RawRepresentable<String>>(_ key: String, among words: [Word]) -> Word? {
        guard let tree = tree(key) else { return nil }
        return word(tree, key, among: words)
    }

    func word<Word: RawRepresentable<String>>(_ tree: YAMLTree, _ kind: String, among words: [Word]) -> Word? {
        guard let text = string(tree, kind) else { return nil }
        if let word = Word(rawValue: text) { return word }
        log.reportUnknown(kind, text, known: words.map(\.rawValue), line: tree.line)
        return nil
    }

    func string(_ tree: YAMLTree, _ key: String) -> String? {
        guard let text = tree.text else {
            log.report("\(key) of \(name) must be a text, not \(tree.kind)", line: tree.line)
            return nil
        }
        return text
    }

    /// Reports the keys that nobody asked for.
    func finish() {
        for key in order where !known.contains(key) {
            log.reportUnknown("key", key, in: name, known: Array(Set(known)), line: entries[key]?.line)
        }
    }
}
