internal import ConformanceModel
internal import Yams

/// A YAML document with the line of each part, and with scalars as they are written.
///
/// YAML would make `1.2` a number and `on` a Boolean. What a scalar means is decided by who reads it.
struct YAMLTree {
    enum Value {
        case scalar(String, isPlain: Bool)
        case sequence([YAMLTree])
        case mapping([Entry])
    }

    struct Entry {
        let key: String
        let line: Int
        let value: YAMLTree
    }

    let line: Int
    let value: Value
    /// How many values this one stands for, with all that its aliases repeat, and how deep they lie.
    private let extent: YAMLExtent

    /// Reports and returns nil when the text is not YAML, is empty, or stands for more than ``YAMLExtent/limit``.
    static func parse(_ yaml: String, log: IssueLog) -> YAMLTree? {
        let text = AliasText(yaml)
        do {
            let parser = try Parser(yaml: text.parsed, resolver: .basic)
            guard let root = try parser.singleRoot() else {
                log.report("the file is empty", line: nil)
                return nil
            }
            // Nodes hold their anchors weakly, and the parser keeps them.
            return try withExtendedLifetime(parser) {
                var reading = Reading(text: text, log: log)
                return try reading.tree(root)
            }
        } catch let error as YamlError {
            let problem = Problem(error, text)
            log.report(problem.message, line: problem.line)
        } catch let error as YAMLExtent.Exceeded {
            log.report(error.message, line: error.line)
        } catch {
            log.report("not YAML: \(error)", line: nil)
        }
        return nil
    }

    /// Makes a tree of the parser's nodes, and puts what an anchor names in the place of each alias.
    ///
    /// Repeated values share their storage, so a document costs no more than its text, whatever its aliases stand for.
    private struct Reading {
        let text: AliasText
        let log: IssueLog
        private var anchored: [String: YAMLTree] = [:]

        init(text: AliasText, log: IssueLog) {
            self.text = text
            self.log = log
        }

        mutating func tree(_ node: Node) throws(YAMLExtent.Exceeded) -> YAMLTree {
            let line = node.mark?.line ?? 0
            var extent = YAMLExtent()
            let value: Value
            switch node {
            case .scalar(let scalar):
                let isPlain = scalar.style == .plain || scalar.style == .any
                if isPlain, let name = text.aliasName(scalar.string) { return try repeated(name, line) }
                value = .scalar(text.restored(scalar.string), isPlain: isPlain)
            case .sequence(let items):
                var trees: [YAMLTree] = []
                for item in items {
                    trees.append(try tree(item))
                    try extent.add(trees[trees.count - 1].extent, line: line)
                }
                value = .sequence(trees)
            case .mapping(let pairs):
                var entries: [Entry] = []
                for (key, content) in pairs {
                    let keyLine = key.mark?.line ?? 0
                    let name = try tree(key).text
                    let tree = try tree(content)
                    try extent.add(tree.extent, line: line)
                    if let name {
                        entries.append(Entry(key: name, line: keyLine, value: tree))
                    } else {
                        log.report("a key is a name, not a list or a block", line: keyLine)
                    }
                }
                value = .mapping(entries)
            case .alias:
                // The parser makes none of them; they are only in trees that are made by hand.
                value = .scalar("", isPlain: true)
            }
            let tree = YAMLTree(line: line, value: value, extent: extent)
            if let anchor = node.anchor { anchored[anchor.rawValue] = tree }
            return tree
        }

        private func repeated(_ name: String, _ line: Int) throws(YAMLExtent.Exceeded) -> YAMLTree {
            if let tree = anchored[name] { return tree }
            log.report("not YAML: found undefined alias", line: line)
            return YAMLTree(line: line, value: .scalar("", isPlain: true), extent: YAMLExtent())
        }
    }

    /// The text of a scalar.
    var text: String? {
        guard case .scalar(let text, _) = value else { return nil }
        return text
    }

    /// Whether nothing was written, or null.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = value else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// The name of the value, for messages.
    var kind: String {
        switch value {
        case .scalar(let text, _): isNull ? "nothing" : "“\(text)”"
        case .sequence: "a list"
        case .mapping: "a block"
        }
    }
}

/// How much a value of a document stands for.
struct YAMLExtent {
    private var values = 1
    private var depth = 1

    /// More than the largest document of the catalogue has by a factor of a hundred, and read in a moment.
    static let limit = (values: 100_000, depth: 64)

    struct Exceeded: Error {
        let message: String
        let line: Int
    }

    mutating func add(_ other: YAMLExtent, line: Int) throws(Exceeded) {
        values += other.values
        depth = max(depth, other.depth + 1)
        guard values <= Self.limit.values else {
            throw Exceeded(
                message:
                    "it stands for more than \(Self.limit.values) values, with all that its aliases repeat; write a "
                    + "document with fewer",
                line: line
            )
        }
        guard depth <= Self.limit.depth else {
            throw Exceeded(message: "its lists and blocks lie more than \(Self.limit.depth) deep", line: line)
        }
    }
}

/// A document in which aliases are plain scalars for the parser.
///
/// The parser copies what an alias stands for and looks at keys with all that they hold, so that nine aliases of nine
/// aliases of nine cost it minutes. Nothing but an alias can begin with an asterisk where a value begins; everywhere else
/// the mark is turned back.
private struct AliasText {
    let parsed: String
    private let mark: Unicode.Scalar?

    init(_ yaml: String) {
        let scalars = yaml.unicodeScalars
        // A character for private use that the document doesn't have.
        let mark = (0xE000...0xE0FF).lazy.compactMap(Unicode.Scalar.init).first { !scalars.contains($0) }
        guard scalars.contains("*"), scalars.contains("&"), let mark else {
            parsed = yaml
            self.mark = nil
            return
        }
        var text = String.UnicodeScalarView()
        var previous: Unicode.Scalar = "\n"
        for scalar in scalars {
            let opens = previous.properties.isWhitespace || "[{,:".unicodeScalars.contains(previous)
            text.append(scalar == "*" && opens ? mark : scalar)
            previous = scalar
        }
        parsed = String(text)
        self.mark = mark
    }

    /// The name of the alias that a plain scalar is, if it is one.
    func aliasName(_ scalar: String) -> String? {
        guard let mark, scalar.unicodeScalars.first == mark else { return nil }
        return String(scalar.unicodeScalars.dropFirst())
    }

    /// The scalar as it was written.
    func restored(_ scalar: String) -> String {
        guard let mark else { return scalar }
        return scalar.replacing(String(mark), with: "*")
    }
}

/// The parser's error, in our words.
private struct Problem {
    var message: String
    var line: Int?

    init(_ error: YamlError, _ text: AliasText) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            message = "not YAML: \(problem)"
            line = mark.line
        case .duplicatedKeysInMapping(let keys, let context):
            message = "duplicate key " + keys.map { "“\(text.restored($0))”" }.joined(separator: ", ")
            line = context.mark.line
        case .reader(let problem, _, _, _):
            message = "not YAML: \(problem)"
        default:
            message = "not YAML: \(error)"
        }
    }
}
