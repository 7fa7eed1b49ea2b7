internal import ConformanceEngine
internal import ConformanceModel

/// The values of a plan's placeholders.
struct TemplateValues {
    /// Which start of the program this is; files are named for it.
    var number: Int
    var values: [String: [String]]

    /// A group of arguments, or nothing when a placeholder in it has no value.
    func arguments(_ group: [String]) -> [String] {
        var result: [String] = []
        for item in group {
            if item.hasPrefix("{"), item.hasSuffix("}"), let words = values[String(item.dropFirst().dropLast())] {
                let filled = words.map(filled)
                guard !filled.contains(nil) else { return [] }
                result += filled.compactMap(\.self)
                continue
            }
            guard let filled = filled(item) else { return [] }
            result.append(filled)
        }
        return result
    }

    /// A text without the lines in which a placeholder has no value.
    func lines(_ template: String) -> String {
        template.split(separator: "\n", omittingEmptySubsequences: false).compactMap { filled(String($0)) }
            .joined(separator: "\n")
    }

    /// Nil when a known placeholder outside of an optional part has no value.
    private func filled(_ text: String) -> String? {
        var text = withoutUnfilledParts(text)
        for name in Self.names where text.contains("{\(name)}") {
            guard let words = values[name] else { return nil }
            // A word of the manifest may have optional parts of its own.
            text = withoutUnfilledParts(text.replacing("{\(name)}", with: words.joined(separator: " ")))
        }
        return text
    }

    /// Optional parts, `[?part]`, without their brackets, and left out where a placeholder in them has no value.
    private func withoutUnfilledParts(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(of: "[?") {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "]") else { return result + "[?" + rest }
            let part = String(rest[..<end])
            if Self.names.allSatisfy({ values[$0] != nil || !part.contains("{\($0)}") }) { result += part }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// Everything that may stand in a template; words for settings come first, since they may hold the others.
    static let names = [
        "names", "tls", "clientAuth", "revocation", "strictSNI", "sendsCANames", "sessions", "insecureSkipVerify",
        "presents", "name", "name.certificate", "name.chain", "name.key", "name.bundle", "port", "host", "work",
        "number", "certificate", "chain",
        "key", "bundle", "clientCAs", "rootCAs", "serverName", "serverHostName", "serverAddress", "sni", "crls",
        "url",
    ]
}

extension TemplateValues {
    /// The template of the names once for each name, with its own files.
    mutating func addNames(_ template: String?, _ identities: [(name: String, files: IdentityFiles)]) {
        guard let template, !identities.isEmpty else { return }
        let blocks = identities.map { name, files in
            var own = self
            own.add([
                "name": name, "name.certificate": files.leaf, "name.chain": files.chain, "name.key": files.key,
                "name.bundle": files.bundle,
            ])
            return own.lines(template)
        }
        add(["names": blocks.joined(separator: template.hasSuffix("\n") ? "" : "\n")])
    }

    mutating func add(_ more: [String: String]) {
        for (name, value) in more { values[name] = [value] }
    }

    /// Puts the plan's own words for settings in place of their values.
    mutating func addWords(_ plan: ProgramPlan, _ settings: [String: String], of stack: Stack) throws(PeerFault) {
        for (setting, value) in settings {
            guard let words = plan.words[setting] else {
                values[setting] = [value]
                continue
            }
            guard let word = words[value] else {
                throw .harness(
                    "the manifest of \(stack.rawValue) has no word for \(setting) \(value), and does not say why"
                )
            }
            values[setting] = word
        }
    }
}
