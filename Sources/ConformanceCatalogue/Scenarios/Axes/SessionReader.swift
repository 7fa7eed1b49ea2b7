internal import ConformanceModel

/// Reads `sessions` of a side: `off`, or a block with a lifetime.
struct SessionReader {
    let log: IssueLog

    /// What a side's block says of sessions; nil when it says nothing.
    func sessions(in block: BlockReader, of side: Side) -> Reading? {
        guard let tree = block.tree("sessions") else { return nil }
        switch tree.text {
        case "off"?:
            return Reading(settings: nil)
        case let word?:
            log.report("sessions of \(block.name) is “\(word)”; it is off, or a block with a lifetime", line: tree.line)
            return nil
        case nil:
            return settings(tree, side).map(Reading.init)
        }
    }

    /// Nil settings turn sessions off.
    struct Reading { var settings: SessionSettings? }

    private enum TicketKeys: String, CaseIterable {
        /// Made when the server starts, and gone when it ends.
        case own
        /// From a secret that outlives a restart.
        case shared
    }

    private func settings(_ tree: YAMLTree, _ side: Side) -> SessionSettings? {
        let block = BlockReader(tree, "sessions of \(side.rawValue)", log: log)
        let text = block.required("lifetime")
        let keys: TicketKeys? = side == .server ? block.word("ticketKeys") : nil
        block.finish()
        guard !text.isEmpty else { return nil }
        // RFC 8446 section 4.6.1: a server must not use a value greater than seven days, nor a client keep one longer.
        guard let seconds = RelativeTime.seconds(text), (1...7 * 86400).contains(seconds) else {
            log.report(
                "lifetime of \(block.name) is “\(text)”; it is positive and at most 7d, for example 24h",
                line: block.line(of: "lifetime")
            )
            return nil
        }
        return SessionSettings(lifetimeSeconds: seconds, sharesTicketKeys: keys == .shared)
    }
}
