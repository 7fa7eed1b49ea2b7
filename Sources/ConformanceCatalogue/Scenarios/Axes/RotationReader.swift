internal import ConformanceModel

/// Reads a `rotate` step.
struct RotationReader {
    /// The placeholder of a phase that the axis `phase` gives.
    static let axisPhase = "axis"

    let book: RecipeBook
    let log: IssueLog

    func rotation(_ tree: YAMLTree) -> StepPlan.Item? {
        let block = BlockReader(tree, "rotate", log: log)
        let side = block.word("side", Side.self)
        let setting = block.tree("what") == nil ? .identity : block.word("what", SettingChange.Setting.self)
        let isAtAxis = block.tree("at")?.text == Self.axisPhase
        let phase = isAtAxis ? nil : block.word("at", as: "phase", Phase.self)
        if block.tree("side") == nil { log.report("rotate lacks “side”", line: tree.line) }
        if block.tree("to") == nil { log.report("rotate lacks “to”", line: tree.line) }
        let change = setting.flatMap { self.change($0, block) }
        block.finish()
        if phase == .closed {
            log.report("rotate can't be at closed, which no connect reaches; leave “at” out", line: tree.line)
        }
        guard let side, let change else { return nil }
        guard change.setting.sides.contains(side) else {
            log.report(
                "rotate of \(change.setting.rawValue) is for the \(side.opposite.rawValue): a \(side.rawValue) has none",
                line: tree.line
            )
            return nil
        }
        let rotation = Rotation(side: side, change, at: phase)
        return isAtAxis ? .rotateAtAxis(rotation) : .step(.rotate(rotation))
    }

    /// The meaning of `to` depends on the setting: a name, a list of names, or a mode.
    private func change(_ setting: SettingChange.Setting, _ block: BlockReader) -> SettingChange? {
        guard block.tree("to") != nil else { return nil }
        let line = block.line(of: "to")
        switch setting {
        case .identity:
            return identity(block, line: line)
        case .clientCAs:
            return pool(block, line: line).map(SettingChange.clientCAs)
        case .rootCAs:
            return pool(block, line: line).map(SettingChange.rootCAs)
        case .clientAuth:
            return block.word("to", as: "mode", ClientAuthMode.self).map(SettingChange.clientAuth)
        case .serverName:
            guard let name = block.string("to") else { return nil }
            guard !name.isEmpty, name != SideExpectation.none else {
                log.report("rotate to none isn't possible: a server name is replaced, not removed", line: line)
                return nil
            }
            return .serverName(name)
        case .crl:
            guard let names = block.strings("to") else { return nil }
            for name in names {
                book.checkRevocationList(name, in: "rotate", line: line, log: log)
            }
            return .revocationLists(names)
        }
    }

    private func identity(_ block: BlockReader, line: Int) -> SettingChange? {
        guard let name = block.string("to"), !name.isEmpty else { return nil }
        guard let credential = book.checkedCredential(name, in: "rotate", line: line, log: log) else {
            log.report("rotate to none isn't possible: an identity is replaced, not removed", line: line)
            return nil
        }
        return .identity(credential)
    }

    private func pool(_ block: BlockReader, line: Int) -> [String]? {
        if block.tree("to")?.text == SideExpectation.none {
            log.report("rotate to none isn't possible: a pool is replaced, not removed", line: line)
            return nil
        }
        guard let names = block.strings("to") else { return nil }
        for name in names {
            book.checkCertificate(name, in: "rotate", line: line, log: log)
        }
        return names
    }
}

/// Reads `sessions` of a side: `off`, or a block with a lifetime.
struct SessionReader {
    let log: IssueLog

    /// The session settings of a side's block; nil when it has none.
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
