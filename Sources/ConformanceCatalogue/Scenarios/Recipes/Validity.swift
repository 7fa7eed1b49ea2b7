internal import ConformanceModel

/// The `valid` block of a certificate or a revocation list: two times relative to the case's now.
struct Validity {
    let from: Int64?
    let to: Int64?
    private let isReadable: Bool
    private let owner: String
    private let line: Int

    /// Nil when the block has no `valid`.
    init?(_ block: BlockReader) {
        guard let tree = block.tree("valid") else { return nil }
        let reader = BlockReader(tree, "valid of \(block.name)", log: block.log)
        owner = block.name
        line = tree.line
        from = Self.time("from", reader)
        to = Self.time("to", reader)
        isReadable = (from != nil || reader.tree("from") == nil) && (to != nil || reader.tree("to") == nil)
        reader.finish()
    }

    func check(from: Int64, to: Int64, log: IssueLog) {
        if isReadable, from >= to {
            log.report("valid of \(owner) ends before it begins", line: line)
        }
    }

    private static func time(_ key: String, _ reader: BlockReader) -> Int64? {
        guard let text = reader.string(key) else { return nil }
        guard let seconds = RelativeTime.seconds(text) else {
            reader.log.report(
                "\(key) in \(reader.name) is “\(text)”; a time is \(RelativeTime.form)",
                line: reader.line(of: key)
            )
            return nil
        }
        return seconds
    }
}
