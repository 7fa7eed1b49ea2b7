internal import ConformanceModel

/// Gathers what is wrong with one file, so that its author sees all of it at once.
final class IssueLog {
    let file: String
    private(set) var issues: [ScenarioError.Issue] = []

    init(file: String) {
        self.file = file
    }

    func report(_ message: String, line: Int?) {
        let issue = ScenarioError.Issue(file: file, line: line, message: HiddenKeys.of(message))
        // One wrong value in a shared block can be met from several places.
        if !issues.contains(issue) {
            issues.append(issue)
        }
    }

    /// Reports a name that is none of the known ones, with the nearest of them.
    func reportUnknown(_ kind: String, _ name: String, in place: String? = nil, known: [String], line: Int?) {
        let subject = "unknown \(kind) “\(name)”" + (place.map { " in \($0)" } ?? "")
        if let nearest = Spelling.nearest(to: name, in: known) {
            report("\(subject); the nearest known \(kind) is “\(nearest)”", line: line)
        } else if known.isEmpty {
            report("\(subject); there is none", line: line)
        } else {
            report("\(subject); known are \(known.sorted().joined(separator: ", "))", line: line)
        }
    }

    func throwIfAny() throws(ScenarioError) {
        guard !issues.isEmpty else { return }
        throw ScenarioError(issues.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
}

/// Finds what somebody probably meant.
package enum Spelling {
    /// The candidate with the fewest edits from `name`, or nil when none is close enough to be a slip of the pen.
    package static func nearest(to name: String, in candidates: [String]) -> String? {
        nearest(to: name, in: candidates, count: 1).first
    }

    /// At most `count` candidates that are close to `name`, the closest first.
    static func nearest(to name: String, in candidates: [String], count: Int) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        let limit = max(2, wanted.count / 3)
        let ranked = candidates.compactMap { candidate -> (edits: Int, candidate: String)? in
            let other = Array(candidate.lowercased().utf8)
            // A word that was cut short is nearer than any other, however much is missing.
            let isBeginning = wanted.count >= 4 && other.starts(with: wanted)
            let edits = isBeginning ? 1 : edits(from: wanted, to: other)
            return edits <= limit ? (edits, candidate) : nil
        }
        return ranked.sorted { $0 < $1 }.prefix(count).map(\.candidate)
    }

    /// The Levenshtein distance: insertions, deletions and substitutions.
    static func edits(from source: [UInt8], to target: [UInt8]) -> Int {
        var previous = Array(0...target.count)
        for (row, byte) in source.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(target.count + 1)
            for column in target.indices {
                let substitution = previous[column] + (byte == target[column] ? 0 : 1)
                current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[target.count]
    }
}

/// A time relative to the case's now, as scenarios write it: `-48h`, `90m`, `3650d`, `0s`.
enum RelativeTime {
    static let form = "a number with s, m, h or d, for example -48h"

    /// Seconds, or nil when the text has another form or is out of range.
    static func seconds(_ text: String) -> Int64? {
        guard let unit = text.last, let factor = factors[unit] else { return nil }
        let digits = text.dropLast()
        guard let number = Int64(digits), !digits.hasPrefix("+") else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        // A century either way is more than a certificate's two-digit years can hold.
        guard !overflows, abs(product) <= 36525 * 86400 else { return nil }
        return product
    }

    private static let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
}

/// Keeps what could be a private key out of messages about text of a file.
package enum HiddenKeys {
    /// The text, in which each run of letters that could be a part of a key gives way to its length.
    ///
    /// A private key that was pasted into a file of settings, or a key file that was named in place of one, must not
    /// stand in the message about it. Words and identifiers change their kind of letter seldom, base64 all the time.
    package static func of(_ text: String) -> String {
        var result = ""
        var run = ""
        for scalar in text.unicodeScalars {
            if isPartOfKey(scalar) {
                run.unicodeScalars.append(scalar)
            } else {
                result += shown(run)
                run = ""
                result.unicodeScalars.append(scalar)
            }
        }
        return result + shown(run)
    }

    private static func shown(_ run: String) -> String {
        let bytes = Array(run.utf8)
        return looksLikeKey(bytes) ? "(\(bytes.count) characters that are not shown)" : run
    }

    private static func looksLikeKey(_ run: [UInt8]) -> Bool {
        guard run.count >= 12 else { return false }
        let kinds = run.map(kind)
        // The capital of a word is no change.
        let changes = zip(kinds, kinds.dropFirst()).count { $0 != $1 && ($0, $1) != (.upper, .lower) }
        if changes * 4 >= run.count { return true }
        guard kinds.contains(.digit) else { return false }
        if run.allSatisfy({ isHexadecimalDigit($0) || $0 == 0x3A }) { return run.count >= 24 }
        return kinds.count { $0 == .upper } > 1 && kinds.count { $0 == .lower } > 1
    }

    private enum Kind { case upper, lower, digit, sign }

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case 0x41...0x5A: .upper
        case 0x61...0x7A: .lower
        case 0x30...0x39: .digit
        default: .sign
        }
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    /// Letters and signs of base64, the colon between pairs of hexadecimal digits, and the NUL between them in UTF-16.
    private static func isPartOfKey(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=", ":", "\0": true
        default: false
        }
    }
}
