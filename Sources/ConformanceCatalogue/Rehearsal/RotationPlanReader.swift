internal import ConformanceModel
internal import Foundation

extension RotationPlan {
    /// Reads a plan from its text. `file` is the name in messages, and paths of certificates are relative to its folder.
    package static func plan(yaml: String, file: String) throws(ScenarioError) -> RotationPlan {
        let log = IssueLog(file: file)
        let tree = YAMLTree.parse(yaml, log: log)
        let plan = tree.map { RotationPlanReader(log: log, file: file).plan($0) }
        try log.throwIfAny()
        guard let plan else { throw ScenarioError("\(file): the file is empty") }
        return plan
    }
}

private final class RotationPlanReader {
    private let log: IssueLog
    private let folder: String
    private let file: String
    private var certificates: [(name: String, source: RotationPlan.Source)] = []
    private var services: [RotationPlan.Service] = []

    init(log: IssueLog, file: String) {
        self.log = log
        self.file = file
        folder = file.contains("/") ? String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) + "/" : ""
    }

    func plan(_ tree: YAMLTree) -> RotationPlan {
        let root = BlockReader(tree, "the plan", log: log)
        let name = root.string("plan") ?? file
        for entry in root.block("certificates") ?? [] { certificates.append((entry.key, source(entry))) }
        let entries = root.block("services") ?? []
        if entries.isEmpty { log.report("the plan has no service: name those that call each other", line: root.line) }
        let names = entries.map(\.key)
        for entry in entries { services.append(service(entry, among: names)) }
        let stages = (root.list("stages") ?? []).enumerated().map { stage($0.element, number: $0.offset + 1) }
        if stages.isEmpty {
            log.report("the plan has no stage, so nothing would change", line: root.line(of: "stages"))
        }
        if !services.isEmpty, services.allSatisfy(\.calls.isEmpty) {
            log.report(
                "no service of the plan calls another, so nothing can break: give one of them “calls”",
                line: root.line(of: "services")
            )
        }
        checkIssuers(root)
        checkOrder(of: stages, root)
        root.finish()
        return RotationPlan(name: name, certificates: certificates, services: services, stages: stages)
    }

    private func source(_ entry: YAMLTree.Entry) -> RotationPlan.Source {
        if let path = entry.value.text, !path.isEmpty { return .file(path.hasPrefix("/") ? path : folder + path) }
        let block = BlockReader(entry.value, "certificate \(entry.key)", log: log)
        let path = block.string("file")
        let minted = RotationPlan.Minted(
            subject: block.string("subject") ?? entry.key,
            issuer: block.string("issuer"),
            keyOf: block.string("key-of"),
            isAuthority: block.bool("authority") ?? false,
            names: block.strings("names") ?? [],
            notBefore: time("not-before", block),
            notAfter: time("not-after", block)
        )
        block.finish()
        guard let path else { return .minted(minted) }
        if let other = ["subject", "issuer", "key-of", "authority", "names", "not-before", "not-after"].first(where: {
            block.tree($0) != nil
        }) {
            log.report("\(block.name) is a file, so “\(other)” stands in the file", line: block.line(of: other))
        }
        return .file(path.hasPrefix("/") ? path : folder + path)
    }

    private func service(_ entry: YAMLTree.Entry, among names: [String]) -> RotationPlan.Service {
        let block = BlockReader(entry.value, "service \(entry.key)", log: log)
        let calls = block.strings("calls") ?? []
        for called in calls where !names.contains(called) {
            log.reportUnknown("service", called, known: names, line: block.line(of: "calls"))
        }
        if calls.contains(entry.key) {
            log.report("\(block.name) calls itself; name the services that it calls", line: block.line(of: "calls"))
        }
        let lags = block.int("lags") ?? 0
        let change = change(block, service: entry.key)
        let result = RotationPlan.Service(
            name: entry.key,
            dialled: block.string("name"),
            calls: calls,
            lags: lags,
            today: RotationPlan.State(
                presents: change.presents ?? [],
                trusts: change.trusts ?? [],
                clientAuth: change.clientAuth ?? .requireAndVerifyClientCert
            )
        )
        block.finish()
        return result
    }

    private func stage(_ tree: YAMLTree, number: Int) -> RotationPlan.Stage {
        let block = BlockReader(tree, "stage \(number)", log: log)
        let name = block.string("stage") ?? "stage \(number)"
        let known = services.map(\.name)
        var changes: [RotationPlan.Change] = []
        for entry in block.block("change") ?? [] {
            let inner = BlockReader(entry.value, "the change of \(entry.key) in stage \(number)", log: log)
            let change = change(inner, service: entry.key)
            inner.finish()
            if entry.key == "all" {
                changes += known.map {
                    RotationPlan.Change(
                        service: $0,
                        presents: change.presents,
                        trusts: change.trusts,
                        clientAuth: change.clientAuth
                    )
                }
            } else if known.contains(entry.key) {
                changes.append(change)
            } else {
                log.reportUnknown("service", entry.key, known: known + ["all"], line: entry.line)
            }
        }
        if changes.isEmpty {
            log.report("\(block.name) changes nothing: give it “change”, with services", line: block.line)
        }
        let result = RotationPlan.Stage(name: name, at: time("at", block), changes: changes)
        block.finish()
        return result
    }

    private func change(_ block: BlockReader, service: String) -> RotationPlan.Change {
        RotationPlan.Change(
            service: service,
            presents: entries("presents", block),
            trusts: entries("trusts", block),
            clientAuth: block.word("client-auth", as: "ClientAuth mode")
        )
    }

    /// One entry or a list of them, each declared or a path of a file.
    private func entries(_ key: String, _ block: BlockReader) -> [String]? {
        guard let tree = block.tree(key) else { return nil }
        let items: [YAMLTree] = if case .sequence(let items) = tree.value { items } else { [tree] }
        return items.compactMap { item in
            guard let name = block.string(item, key) else { return nil }
            if certificates.contains(where: { $0.name == name }) { return name }
            guard name.contains("/") || name.contains(".") else {
                log.reportUnknown("certificate", name, known: certificates.map(\.name), line: item.line)
                return nil
            }
            certificates.append((name, .file(name.hasPrefix("/") ? name : folder + name)))
            return name
        }
    }

    private func time(_ key: String, _ block: BlockReader) -> Int64? {
        guard let text = block.string(key) else { return nil }
        let day = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        if let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: day)) {
            return Int64(date.timeIntervalSince1970)
        }
        log.report(
            "\(key) of \(block.name) must be a day, as in 2027-03-31, or a time of RFC 3339, as in "
                + "2027-03-31T12:00:00Z; found “\(text)”",
            line: block.line(of: key)
        )
        return nil
    }

    private func checkIssuers(_ root: BlockReader) {
        let names = certificates.map(\.name)
        for (name, source) in certificates {
            guard case .minted(let minted) = source else { continue }
            for (key, other) in [("issuer", minted.issuer), ("key-of", minted.keyOf)] {
                guard let other, !names.contains(other) else { continue }
                log.reportUnknown("\(key) of \(name)", other, known: names, line: root.line(of: "certificates"))
            }
            var seen: Set<String> = [name]
            var next = minted.issuer
            while let issuer = next, case .minted(let above)? = certificates.first(where: { $0.name == issuer })?.source
            {
                guard seen.insert(issuer).inserted else {
                    log.report(
                        "the issuers of \(name) go round in a circle: leave “issuer” out for a root",
                        line: root.line(of: "certificates")
                    )
                    break
                }
                next = above.issuer
            }
        }
    }

    private func checkOrder(of stages: [RotationPlan.Stage], _ root: BlockReader) {
        let times = stages.compactMap(\.at)
        if times != times.sorted() {
            log.report("the stages' times go backwards: put them in order", line: root.line(of: "stages"))
        }
    }
}
