internal import ConformanceModel

/// Reads `server`, `client`, `steps` and `expect` wherever they may stand: at the top, in an axis value, in the control.
struct SettingsReader {
    let book: RecipeBook
    let log: IssueLog

    /// The changes of all the parts that `block` has.
    func change(in block: BlockReader, includingSteps: Bool = true) -> CaseChange {
        var change = CaseChange()
        if let tree = block.tree("server") { change.server = server(tree) }
        if let tree = block.tree("client") { change.client = client(tree) }
        if includingSteps, let tree = block.tree("steps") {
            change.steps = StepReader(book: book, log: log).plan(tree)
        }
        return change
    }

    private func server(_ tree: YAMLTree) -> [(inout ServerSettings) -> Void] {
        let block = BlockReader(tree, "server", log: log)
        var changes: [(inout ServerSettings) -> Void] = []
        if let name = block.string("identity") {
            let name = credential(name, "identity", block)
            changes.append { $0.identity = name }
        }
        if let entries = block.block("identitiesByName") {
            var identities: [String: String] = [:]
            for entry in entries {
                guard let name = block.string(entry.value, "identitiesByName") else { continue }
                identities[entry.key] = book.checkedCredential(
                    name,
                    in: "identitiesByName of server",
                    line: entry.line,
                    log: log
                )
            }
            changes.append { [identities] in $0.identitiesByName = identities }
        }
        if let strict = block.bool("strictSNI") { changes.append { $0.strictSNI = strict } }
        if let mode = block.word("clientAuth", ClientAuthMode.self) { changes.append { $0.clientAuth = mode } }
        if let entries = block.block("hosts") {
            var hosts: [String: ClientAuthMode] = [:]
            for entry in entries {
                hosts[entry.key.lowercased()] = block.word(entry.value, "hosts", among: Array(ClientAuthMode.allCases))
            }
            changes.append { [hosts] in $0.hosts = hosts }
        }
        if let pool = pool("clientCAs", block) { changes.append { $0.clientCAs = pool.names } }
        if let names = block.word("acceptableCANames", among: [AcceptableCANames.derived, .none]) {
            changes.append { $0.acceptableCANames = names }
        }
        if let mode = revocation(block) { changes.append { $0.revocation = mode } }
        if let lists = revocationLists(block) { changes.append { $0.revocationLists = lists } }
        if let policy = block.word("pools", PoolPolicy.self) { changes.append { $0.pools = policy } }
        if let reading = SessionReader(log: log).sessions(in: block, of: .server) {
            changes.append { $0.sessions = reading.settings }
        }
        block.finish()
        return changes
    }

    private func client(_ tree: YAMLTree) -> [(inout ClientSettings) -> Void] {
        let block = BlockReader(tree, "client", log: log)
        var changes: [(inout ClientSettings) -> Void] = []
        if let name = block.string("identity") {
            let name = credential(name, "identity", block)
            changes.append { $0.identity = name }
        }
        if let presents = block.word("presents", among: [Presentation.always, .matching]) {
            changes.append { $0.presents = presents }
        }
        if let pool = pool("rootCAs", block) { changes.append { $0.rootCAs = pool.names } }
        if let name = block.string("serverName") {
            changes.append { $0.serverName = name == SideExpectation.none ? nil : name }
        }
        if let name = block.string("sni") {
            changes.append { $0.sniOverride = name == SideExpectation.none ? nil : name }
        }
        if let tree = block.tree("hello") {
            let cut = BlockReader(tree, "hello of \(block.name)", log: log)
            let size = cut.int("records") ?? cut.int("segments")
            let isRecords = cut.tree("records") != nil
            cut.finish()
            if let size, (1...16_384).contains(size) {
                changes.append { $0.helloCut = isRecords ? .records(size) : .segments(size) }
            } else {
                log.report("hello of \(block.name) is {records: N} or {segments: N}, from 1 to 16384", line: tree.line)
            }
        }
        if let insecure = block.bool("insecureSkipVerify") { changes.append { $0.insecureSkipVerify = insecure } }
        if let mode = revocation(block) { changes.append { $0.revocation = mode } }
        if let lists = revocationLists(block) { changes.append { $0.revocationLists = lists } }
        if let policy = block.word("pools", PoolPolicy.self) { changes.append { $0.pools = policy } }
        if let reading = SessionReader(log: log).sessions(in: block, of: .client) {
            changes.append { $0.sessions = reading.settings }
        }
        block.finish()
        return changes
    }

    private func credential(_ name: String, _ key: String, _ block: BlockReader) -> String? {
        book.checkedCredential(name, in: block.name, line: block.line(of: key), log: log)
    }

    private struct Pool { var names: [String]? }

    /// `none` stands for a pool that was never configured, which is not the empty one.
    private func pool(_ key: String, _ block: BlockReader) -> Pool? {
        guard let tree = block.tree(key) else { return nil }
        if tree.text == SideExpectation.none { return Pool(names: nil) }
        guard let names = block.strings(key) else { return nil }
        for name in names {
            book.checkCertificate(name, in: "\(key) of \(block.name)", line: block.line(of: key), log: log)
        }
        return Pool(names: names)
    }

    private func revocation(_ block: BlockReader) -> RevocationMode? {
        block.word("revocation", among: [RevocationMode.off, .leaf, .chain])
    }

    private func revocationLists(_ block: BlockReader) -> [String]? {
        guard let names = block.strings("crls") else { return nil }
        for name in names {
            book.checkRevocationList(name, in: "crls of \(block.name)", line: block.line(of: "crls"), log: log)
        }
        return names
    }
}
