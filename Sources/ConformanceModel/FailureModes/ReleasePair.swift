/// One release of a program, for example `caddy@2.10.2`.
package struct ReleaseName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name in scenarios/peers/releases.yaml.
    package var program: String
    package var version: String

    package init(program: String, version: String) {
        self.program = program
        self.version = version
    }

    /// Nil unless the text is a name, `@`, and a version of letters, digits, dots, hyphens and a few signs of Debian's.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Self.isWord(parts[0]), Self.isWord(parts[1]) else { return nil }
        self.init(program: parts[0], version: parts[1])
    }

    package var description: String { version.isEmpty ? program : "\(program)@\(version)" }

    /// A program as the machine has it, in whatever version.
    package static func installed(_ program: String) -> ReleaseName? {
        isWord(program) ? ReleaseName(program: program, version: "") : nil
    }

    /// Whether another release is this one, or a version of the program that this one leaves open.
    package func covers(_ other: ReleaseName) -> Bool {
        program == other.program && (version.isEmpty || version == other.version)
    }

    package static func < (left: ReleaseName, right: ReleaseName) -> Bool {
        (left.program, VersionNumbers(left.version)) < (right.program, VersionNumbers(right.version))
    }

    /// The name becomes a folder's name and an argument of a package manager, so it must lead nowhere else.
    private static func isWord(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter || first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+~:".contains($0)) }
            && !text.contains("..")
    }
}

/// A version as its numbers, so that 1.9 is older than 1.19.
package struct VersionNumbers: Comparable, Sendable {
    private let numbers: [Int]

    package init(_ text: String) {
        numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    }

    package static func < (left: VersionNumbers, right: VersionNumbers) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}

/// A documented failure on software that has it, beside software that is right: on the release that had it and on the one
/// that mended it, or on two stacks, or two settings of one stack, as they are today.
package struct ReleasePair: Hashable, Sendable {
    package var affected: ReleaseName
    package var mended: ReleaseName
    /// Whether both are software of today, each with settings of its own.
    package var isToday = false
    /// The settings of one half alone.
    package var variants: [ReleaseRole: Variant] = [:]
    /// Releases that both halves use beside the program.
    package var companions: [ReleaseName] = []
    package var pki: PKISpecification?
    /// Templates by the name of the file that they become.
    package var files: [String: String] = [:]
    /// Commands that run before the program, in order.
    package var prepare: [[String]] = []
    package var command: Command
    package var environment: [String: String] = [:]
    package var stages: [Stage]
    /// The text of the block in the file, so that evidence of a play that was changed since is told from current evidence.
    package var digest: String

    package init(affected: ReleaseName, mended: ReleaseName, command: Command, stages: [Stage], digest: String) {
        self.affected = affected
        self.mended = mended
        self.command = command
        self.stages = stages
        self.digest = digest
    }

    /// The command, files and commands of one half, in addition to those of both.
    package struct Variant: Hashable, Sendable {
        package var command: Command?
        package var files: [String: String] = [:]
        package var prepare: [[String]] = []
        package var environment: [String: String] = [:]

        package init() {}
    }

    /// The play of one half: the settings of both with its own above them.
    package func played(as role: ReleaseRole) -> ReleasePair {
        guard let variant = variants[role] else { return self }
        var pair = self
        pair.command = variant.command ?? command
        pair.files.merge(variant.files) { $1 }
        pair.prepare += variant.prepare
        pair.environment.merge(variant.environment) { $1 }
        return pair
    }

    package func release(of role: ReleaseRole) -> ReleaseName { role == .affected ? affected : mended }

    /// The words of a file and of reports for a half.
    package func word(for role: ReleaseRole) -> String {
        switch role {
        case .affected: isToday ? "shows" : "affected"
        case .mended: isToday ? "right" : "mended"
        }
    }

    /// The programs that are started in each stage.
    package enum Command: Hashable, Sendable {
        /// A server that listens at `{port}` and is asked.
        case serve([String])
        /// A program that ends by itself, and prints `NAME: OUTCOME` for what it found.
        case run([String])

        package var words: [String] {
            switch self {
            case .serve(let words), .run(let words): words
            }
        }
    }

    /// One start of the program, with the questions that it is asked.
    package struct Stage: Hashable, Sendable {
        package var name: String
        package var files: [String: String] = [:]
        package var environment: [String: String] = [:]
        /// Files of the stage that are broken on purpose.
        package var breaks: [String: Breakage] = [:]
        package var asks: [Ask]

        package init(name: String, asks: [Ask]) {
            self.name = name
            self.asks = asks
        }
    }

    /// The fault of a file before the program starts.
    package enum Breakage: String, Hashable, CaseIterable, Sendable {
        case missing, empty, truncated, folder, unreadable
    }

    /// A question, and the answer that each release must give.
    package struct Ask: Hashable, Sendable {
        package var name: String
        package var subject: Subject
        package var affected: ReleaseOutcome
        package var mended: ReleaseOutcome
        /// Whether the question is asked until the answer is the expected one, at most ten seconds: a server may listen
        /// before it has read its configuration.
        package var settles = false

        package init(name: String, subject: Subject, affected: ReleaseOutcome, mended: ReleaseOutcome) {
            self.name = name
            self.subject = subject
            self.affected = affected
            self.mended = mended
        }

        /// Whether both releases must answer alike.
        package var isControl: Bool { affected == mended }
    }

    package enum Subject: Hashable, Sendable {
        /// A TLS connection with these options of `ask.py`.
        case connection([String])
        /// `started`, or how the program ended instead.
        case starts
        /// `running` after the questions before this one, or how the program ended.
        case survives
        /// How the program ended, of one that runs to its end.
        case ends
        /// `found` or `absent`: whether the program wrote text that the pattern matches.
        case log(String)
        /// The outcome that the program printed under the question's name.
        case told
    }
}

/// An outcome word by word, or a pattern between slashes that the whole outcome must match.
package struct ReleaseOutcome: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }

    /// The pattern between the slashes; nil for an outcome word by word.
    package var pattern: String? {
        guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else { return nil }
        return String(text.dropFirst().dropLast())
    }

    package func permits(_ outcome: String) -> Bool {
        guard let pattern else { return outcome == text }
        guard let expression = try? Regex(pattern) else { return false }
        return (try? expression.wholeMatch(in: outcome)) != nil
    }
}
