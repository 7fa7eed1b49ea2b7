internal import Conformance
internal import Glibc

/// One start of a program, and what can be read from it afterwards.
final class ProgramRun {
    let name: String
    let process: ChildProcess
    private let plan: ProgramPlan
    private let folder: MaterialFolder

    init(
        _ plan: ProgramPlan,
        _ values: TemplateValues,
        name: String,
        command: PeerCommand,
        group: Int32,
        folder: MaterialFolder
    ) throws(PeerFault) {
        self.name = name
        self.plan = plan
        self.folder = folder
        for (file, template) in plan.files.sorted(by: { $0.key < $1.key }) {
            try folder.write("\(values.number)-\(file)", command.expanded([values.lines(template)]).joined())
        }
        let arguments = command.expanded(plan.launch.flatMap(values.arguments))
        do throws(SystemFailure) {
            process = try ChildProcess(
                arguments,
                group: group,
                environment: command.environment,
                folder: folder.path
            )
        } catch {
            throw .crashed("\(name): \(error)")
        }
        if let input = plan.input { _ = process.write(Array(input.utf8), until: Deadline(after: .seconds(1))) }
        if !plan.holdsInput { process.closeInput() }
    }

    /// All that it wrote, logs included.
    func text(number: Int) -> String {
        var all = String(decoding: process.outputBytes, as: UTF8.self)
        all += String(decoding: process.errorBytes, as: UTF8.self)
        for log in plan.logs {
            let descriptor = open("\(folder.path)/\(number)-\(log)", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            all += String(decoding: Descriptor(takingOwnershipOf: descriptor).readAvailable().bytes, as: UTF8.self)
        }
        return all
    }
}

/// What the placeholders of a plan stand for.
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
            text = text.replacing("{\(name)}", with: words.joined(separator: " "))
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
        "tls", "clientAuth", "insecureSkipVerify", "presents", "port", "host", "work", "number", "certificate", "chain",
        "key", "bundle", "clientCAs", "rootCAs", "serverName", "sni", "crls", "url",
    ]
}
