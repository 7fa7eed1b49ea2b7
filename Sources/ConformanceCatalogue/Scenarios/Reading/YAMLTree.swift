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

    /// Reports and returns nil when the text is not YAML, or is empty.
    static func parse(_ yaml: String, log: IssueLog) -> YAMLTree? {
        do {
            guard let root = try Parser(yaml: yaml, resolver: .basic).singleRoot() else {
                log.report("the file is empty", line: nil)
                return nil
            }
            return YAMLTree(root, log: log)
        } catch let error as YamlError {
            let problem = Problem(error)
            log.report(problem.message, line: problem.line)
        } catch {
            log.report("not YAML: \(error)", line: nil)
        }
        return nil
    }

    private init(_ node: Node, log: IssueLog) {
        line = node.mark?.line ?? 0
        switch node {
        case .scalar(let scalar):
            value = .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any)
        case .sequence(let items):
            value = .sequence(items.map { YAMLTree($0, log: log) })
        case .mapping(let pairs):
            value = .mapping(
                pairs.compactMap { key, value in
                    guard let name = key.scalar?.string else {
                        log.report("a key is a name, not a list or a block", line: key.mark?.line)
                        return nil
                    }
                    return Entry(key: name, line: key.mark?.line ?? 0, value: YAMLTree(value, log: log))
                }
            )
        case .alias:
            // The parser resolves aliases itself; they survive only in trees that are made by hand.
            value = .scalar("", isPlain: true)
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

/// The parser's error, in our words.
private struct Problem {
    var message: String
    var line: Int?

    init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            message = "not YAML: \(problem)"
            line = mark.line
        case .duplicatedKeysInMapping(let keys, let context):
            message = "duplicate key " + keys.map { "“\($0)”" }.joined(separator: ", ")
            line = context.mark.line
        case .reader(let problem, _, _, _):
            message = "not YAML: \(problem)"
        default:
            message = "not YAML: \(error)"
        }
    }
}
