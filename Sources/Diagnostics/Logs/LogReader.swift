internal import Glibc

/// Reads a log of any length, piece by piece, and groups the failures of TLS that it tells of.
///
/// The memory it takes is that of the longest line and of the kinds of failures, not of the log.
package struct LogReader {
    private var lines = LogLineReader()
    private var rest: [UInt8] = []
    private var isSkipping = false
    private var number = 0
    private var event: LogEvent?
    private var order: [LogFinding.Key: Int] = [:]
    /// The failures in the order in which they first appear.
    package private(set) var findings: [LogFinding] = []
    package var lineCount: Int { number }

    package init() {}

    package static func findings(in text: String) -> [LogFinding] {
        var reader = LogReader()
        Array(text.utf8).withUnsafeBytes { reader.read($0) }
        reader.finish()
        return reader.findings
    }

    package mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count {
            let begin = bytes.baseAddress.map { $0 + start }
            guard let found = begin.flatMap({ memchr($0, 0x0A, bytes.count - start) }) else { break }
            let end = UnsafeRawPointer(found) - (bytes.baseAddress ?? UnsafeRawPointer(found))
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if rest.isEmpty {
                take(line)
            } else {
                keep(line)
                let whole = rest
                rest.removeAll(keepingCapacity: true)
                whole.withUnsafeBytes { take($0) }
            }
            isSkipping = false
            start = end + 1
        }
        keep(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    package mutating func finish() {
        if !rest.isEmpty {
            let whole = rest
            rest = []
            whole.withUnsafeBytes { take($0) }
        }
        close()
        placeUnplaced()
    }

    /// A stack that says elsewhere in this log which side it is on is on that side in its other lines too.
    private mutating func placeUnplaced() {
        var sides: [String: Set<LogSide>] = [:]
        for finding in findings {
            guard let stack = finding.stack, let logger = finding.logger else { continue }
            sides[stack, default: []].insert(logger)
        }
        for index in findings.indices where findings[index].logger == nil {
            guard let stack = findings[index].stack, let known = sides[stack], known.count == 1, let side = known.first
            else { continue }
            findings[index].logger = side
            findings[index].subject = findings[index].finder == .peer ? side : side.other
            findings[index].causes = LogCauses.causes(of: findings[index])
        }
    }

    /// The end of a line that goes on in the next piece; of a line without end the beginning is kept.
    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard rest.count < Self.longestLine else { return }
        rest += bytes.prefix(Self.longestLine - rest.count)
    }

    private static let longestLine = 65_536

    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        number += 1
        let isContinuation = Self.isContinuation(bytes)
        guard let line = lines.read(bytes) else {
            // A trace between an exception and its cause keeps them together.
            if isContinuation, event != nil {
                event?.last = number
                event?.line.sides += lines.sides
            }
            return
        }
        if let open = event, joins(open, line, isContinuation) {
            event?.add(line, at: number)
            return
        }
        close()
        event = LogEvent(number: number, text: Array(bytes.prefix(600)), last: number, line: line)
    }

    private func joins(_ open: LogEvent, _ line: LogLine, _ isContinuation: Bool) -> Bool {
        guard number - open.last <= 2, let first = open.line.facts.first?.condition,
            let next = line.facts.first?.condition
        else { return false }
        let programs = open.line.stacks.filter { !LogEvent.libraries.contains($0) }
        let others = line.stacks.filter { !LogEvent.libraries.contains($0) }
        let isOtherStack = !programs.isEmpty && !others.isEmpty && !others.contains { programs.contains($0) }
        if isContinuation { return true }
        guard !isOtherStack else { return false }
        // Two lines that say the same are two failures; one that says less belongs to the one that says more.
        return first != next && (first.isGeneric || next.isGeneric) && number - open.last <= 1
    }

    private mutating func close() {
        guard let open = event else { return }
        event = nil
        guard var finding = open.finding() else { return }
        if let place = order[finding.key] {
            findings[place].count += 1
            return
        }
        guard findings.count < Self.mostKinds else { return }
        finding.line = LogSafeText.line(open.text)
        finding.causes = LogCauses.causes(of: finding)
        order[finding.key] = findings.count
        findings.append(finding)
    }

    private static let mostKinds = 500

    private static let beginnings = [
        "Caused by", "at ", "- ", "code:", "During handling", "The above exception", "--->",
        // Lines that openssl s_server and s_client print between a verify error and libssl's own.
        "notAfter=", "notBefore=", "verify return:",
    ].map { Array($0.utf8) }

    /// A line that goes on with what the one before it began: indented, a cause, a closing brace.
    private static func isContinuation(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return true }
        if first == 0x20 || first == 0x09 || first == UInt8(ascii: "}") || first == UInt8(ascii: "*") { return true }
        if bytes.prefix(120).contains(UInt8(ascii: "{")), LogText(bytes.prefix(120)).holds("> - {") { return true }
        return beginnings.contains { begin in bytes[...].prefix(begin.count).elementsEqual(begin) }
    }
}

extension LogEvent {
    mutating func add(_ more: LogLine, at number: Int) {
        last = number
        line.facts = (line.facts + more.facts).sorted {
            ($0.condition.weight, $0.length) > ($1.condition.weight, $1.length)
        }
        line.alert = line.alert ?? more.alert
        line.sides += more.sides
        line.stacks += more.stacks
    }
}

/// A line of somebody's log as it may be printed: without control characters, keys and passwords.
enum LogSafeText {
    static func line(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(decoding: Array(bytes.prefix(600)), as: UTF8.self)
        guard !text.contains("PRIVATE KEY-----") else { return "(a line that holds a private key)" }
        var safe = ""
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                safe.append(" ")
            } else if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                || scalar.properties.generalCategory == .lineSeparator
                || scalar.properties.generalCategory == .paragraphSeparator
            {
                continue
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        safe = Self.withoutSecrets(safe)
        return safe.count > mostCharacters ? "\(safe.prefix(mostCharacters))…" : safe
    }

    private static let mostCharacters = 400

    /// Runs of base64 that are as long as a key's line are left out.
    private static func withoutSecrets(_ text: String) -> String {
        var result = ""
        var run = ""
        func flush() {
            result +=
                run.utf8.count >= 60 && run.contains(where: \.isUppercase) && run.contains(where: \.isLowercase)
                    && run.contains(where: \.isNumber) && run.count(where: { $0 == "/" }) < 4
                ? "(\(run.utf8.count) characters of base64)" : run
            run = ""
        }
        for character in text {
            if character.isASCII, character.isLetter || character.isNumber || "+/=".contains(character) {
                run.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}
