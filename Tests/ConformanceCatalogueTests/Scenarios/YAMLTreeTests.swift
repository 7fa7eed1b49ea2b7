import Testing

@testable import ConformanceCatalogue

@Suite("The bounds of a YAML document")
struct YAMLTreeTests {
    private static func parse(_ yaml: String) -> (tree: YAMLTree?, issues: [String]) {
        let log = IssueLog(file: "hostile.yaml")
        let tree = YAMLTree.parse(yaml, log: log)
        return (tree, log.issues.map { "\($0.file ?? "?"):\($0.line ?? 0): \($0.message)" })
    }

    /// Nine lists of nine aliases each: 400 bytes that stand for 9⁹ values.
    private static let bomb: String = {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...8 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        return text
    }()

    @Test("aliases of aliases of aliases are refused, with the file and the limit, before they are repeated")
    func aliasBomb() {
        #expect(Self.bomb.utf8.count < 400)
        let found = Self.parse(Self.bomb)
        #expect(found.tree == nil)
        #expect(
            found.issues == [
                "hostile.yaml:6: it stands for more than 100000 values, with all that its aliases repeat; write a "
                    + "document with fewer"
            ]
        )
    }

    @Test("the parser compares keys with all that they stand for, and is given no such key")
    func aliasesAsKeys() {
        let found = Self.parse(Self.bomb + "k: {*a8 : 1, *a7 : 2}\n")
        #expect(found.tree == nil)
        #expect(found.issues.count == 1)
        let short = Self.parse("a: &a [x]\nk: {*a : 1}\n")
        #expect(short.issues == ["hostile.yaml:2: a key is a name, not a list or a block"])
    }

    @Test("aliases can't make a document deeper than a stack")
    func deepAliases() {
        let open = String(repeating: "[", count: 60)
        let close = String(repeating: "]", count: 60)
        var text = "a0: &a0 \(open)x\(close)\n"
        for level in 1..<2_000 { text += "a\(level): &a\(level) \(open)*a\(level - 1)\(close)\n" }
        #expect(Self.parse(text).issues == ["hostile.yaml:2: its lists and blocks lie more than 64 deep"])
        let nested = "a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(Self.parse(nested).issues == ["hostile.yaml:1: its lists and blocks lie more than 64 deep"])
    }

    @Test(
        "an alias stands for the newest value of its anchor before it",
        arguments: [
            "[*a, *b]", "[*a,*b]", "\n  - *a\n  - *b", "\n- *a # *c\n- *b", "{x: *a, y: *b}", "{\"x\":*a, y: *b}",
        ]
    )
    func ordinaryAliases(_ use: String) throws {
        let found = Self.parse("one: &a first\ntwo: &a second\nthree: &b [x]\nfour: \(use)\n")
        #expect(found.issues == [])
        guard case .mapping(let entries)? = found.tree?.value else {
            Issue.record("no block")
            return
        }
        let values: [YAMLTree] =
            switch entries[3].value.value {
            case .sequence(let items): items
            case .mapping(let pairs): pairs.map(\.value)
            case .scalar: []
            }
        try #require(values.count == 2)
        #expect(values[0].text == "second")
        #expect(values[0].line == 2)
        #expect(values[1].kind == "a list")
    }

    @Test(
        "an asterisk that is no alias stays text, in a document with aliases too",
        arguments: [
            ("'*.example'", "*.example"), ("\"a *b [*c] \\u{2A}\"", "a *b [*c] *"), ("a * b", "a * b"),
            ("|\n  *x\n  y: *z", "*x\ny: *z"), (">\n  one\n  *two", "one *two"), ("one\n  *two", "one *two"),
        ]
    )
    func asterisks(_ yaml: String, _ text: String) {
        let yaml = yaml.replacing("\\u{2A}", with: "\\x2A")
        let found = Self.parse("base: &b [x]\nagain: *b\ntext: \(yaml)\n")
        #expect(found.issues == [])
        guard case .mapping(let entries)? = found.tree?.value else {
            Issue.record("no block")
            return
        }
        let read = entries[2].value.text
        #expect(read.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 } == text)
    }

    @Test("an alias without an anchor before it is an error with its line", arguments: ["x: *y", "x: *y\ny: &y z"])
    func undefinedAlias(_ yaml: String) {
        #expect(Self.parse(yaml).issues == ["hostile.yaml:1: not YAML: found undefined alias"])
    }
}
