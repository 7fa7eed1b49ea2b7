internal import ConformanceModel

/// Reads scenarios/peers/NAME/peer.yaml.
struct PeerManifestReader {
    let log: IssueLog
    /// The name that the folder asks for.
    let expectedName: String
    let folder: String

    func manifest(_ tree: YAMLTree) -> PeerManifest {
        let root = BlockReader(tree, "the manifest", log: log)
        let name = root.required("peer")
        if !name.isEmpty, name != expectedName {
            log.report(
                "the peer is named “\(name)”, and its folder asks for “\(expectedName)”",
                line: root.line(of: "peer")
            )
        }
        if [Stack.countersign.rawValue, Stack.gnutls.rawValue].contains(name) {
            log.report("“\(name)” plays in process already; take another name", line: root.line(of: "peer"))
        }
        let plans = ProgramPlanReader(log: log)
        let manifest = PeerManifest(
            stack: Stack(rawValue: name),
            title: root.required("title"),
            implementation: Stack(rawValue: root.string("implementation") ?? name),
            folder: folder,
            package: root.required("package"),
            program: root.required("program"),
            version: version(root),
            build: root.strings("build"),
            driver: root.strings("driver"),
            environment: environment(root),
            speaks: conversations(root),
            server: root.tree("server").map { plans.plan($0, .server) },
            client: root.tree("client").map { plans.plan($0, .client) },
            lacks: (root.list("unsupported") ?? []).map(lack)
        )
        if manifest.driver == nil, manifest.server == nil, manifest.client == nil {
            log.report("the manifest needs “driver”, or “server” or “client”", line: tree.line)
        }
        if manifest.driver != nil, manifest.server != nil || manifest.client != nil {
            log.report(
                "a driver plays both roles itself: leave out “server” and “client”",
                line: root.line(of: "driver")
            )
        }
        root.finish()
        return manifest
    }

    private func version(_ root: BlockReader) -> VersionQuery {
        guard let tree = root.tree("version") else {
            log.report("the manifest lacks “version”: a command and a pattern", line: root.line)
            return VersionQuery(command: [], pattern: "")
        }
        let block = BlockReader(tree, "version", log: log)
        defer { block.finish() }
        let query = VersionQuery(
            command: block.strings("command") ?? [],
            pattern: block.required("pattern"),
            minimum: block.string("minimum")
        )
        if query.command.isEmpty { log.report("version lacks “command”", line: tree.line) }
        PatternCheck(log: log).check(query.pattern, groups: 1, line: block.line(of: "pattern"))
        return query
    }

    private func environment(_ root: BlockReader) -> [String: String] {
        var values: [String: String] = [:]
        for entry in root.block("environment") ?? [] {
            values[entry.key] = root.string(entry.value, "environment")
        }
        return values
    }

    private func conversations(_ root: BlockReader) -> [Conversation] {
        guard let items = root.list("speaks") else { return [.greeting] }
        return items.compactMap { root.word($0, "speaks", among: Conversation.ofManifests) }
    }

    private func lack(_ tree: YAMLTree) -> Lack {
        let block = BlockReader(tree, "unsupported", log: log)
        defer { block.finish() }
        let names = block.list("what") ?? []
        if names.isEmpty { log.report("unsupported lacks “what”: a list of capabilities", line: tree.line) }
        return Lack(
            capabilities: names.compactMap { block.word($0, "capability", among: Capability.allCases) },
            side: block.word("side"),
            reason: block.required("reason"),
            probe: block.tree("probe").map(probe)
        )
    }

    private func probe(_ tree: YAMLTree) -> Lack.Probe {
        let block = BlockReader(tree, "probe", log: log)
        defer { block.finish() }
        let probe = Lack.Probe(
            files: ProgramPlanReader(log: log).files(block),
            command: block.strings("command") ?? [],
            says: block.required("says")
        )
        if probe.command.isEmpty { log.report("probe lacks “command”", line: tree.line) }
        PatternCheck(log: log).check(probe.says, groups: 0, line: block.line(of: "says"))
        return probe
    }
}

/// Finds a regular expression wrong before a run needs it.
struct PatternCheck {
    let log: IssueLog

    func check(_ pattern: String, groups: Int, line: Int) {
        do {
            let regex = try Regex(pattern)
            // A regex that is made at run time shows its groups only in a match, so the text is counted.
            let count = pattern.ranges(of: "(").count - pattern.ranges(of: "(?").count - pattern.ranges(of: "\\(").count
            if count < groups { log.report("the pattern “\(pattern)” needs a group in parentheses", line: line) }
            _ = regex
        } catch {
            log.report("the pattern “\(pattern)” is no regular expression: \(error)", line: line)
        }
    }
}
