internal import ConformanceModel

/// Reads a `rotate` step.
struct RotationReader {
    /// What stands in the place of a phase when the axis `phase` gives it.
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

    /// What `to` means depends on the setting: a name, a list of names, or a mode.
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
