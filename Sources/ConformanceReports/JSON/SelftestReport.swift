package import ConformanceModel
package import FoundationEssentials

/// Which cases notice which defect of the library.
package struct SelftestReport: Hashable, Codable, Sendable {
    /// One defect.
    package struct Mutant: Hashable, Codable, Sendable {
        package var name: String
        /// The difference, in words.
        package var change: String
        /// The cases that end otherwise than expected with it, sorted by id.
        package var killedBy: [String]
        /// Whether every case was played with it; otherwise it was left alone after enough kills.
        package var isCounted: Bool

        package init(name: String, killedBy: [String], isCounted: Bool) {
            self.name = name
            change = Self.words(name)
            self.killedBy = killedBy.sorted()
            self.isCounted = isCounted
        }

        /// `acceptAnyCertificate` as `accept any certificate`; a mode keeps its name.
        static func words(_ name: String) -> String {
            if name.hasPrefix("treat"), let middle = name.ranges(of: "As").last {
                let from = name[name.index(name.startIndex, offsetBy: 5)..<middle.lowerBound]
                return "the mode \(from) is run as \(name[middle.upperBound...])"
            }
            var words: [String] = [""]
            var wasCapital = false
            for character in name {
                if character.isUppercase, !wasCapital { words.append("") }
                // An abbreviation ends with the capital of the next word.
                if character.isLowercase, wasCapital, words.last?.count ?? 0 > 1, character != "s" {
                    let capital = words[words.count - 1].removeLast()
                    words.append(String(capital))
                }
                words[words.count - 1].append(character)
                wasCapital = character.isUppercase
            }
            return words.map { $0.dropFirst().contains(where: \.isUppercase) ? $0 : $0.lowercased() }.joined(
                separator: " "
            )
        }
    }

    package var schema = 1
    package var tool: Tool
    /// Stack name to version.
    package var environment: [String: String]
    package var seed: UInt64
    package var strength: String
    /// How many cases were there to play with each mutant.
    package var cases: Int
    package var mutants: [Mutant]
    /// Rules that decided a case and no case that killed a mutant.
    package var rulesWithoutKill: [String]
    /// Cases that end otherwise than expected with the library as it is: they can't tell a mutant.
    package var unexpectedWithoutMutant: [String]

    package init(
        tool: Tool,
        environment: [String: String],
        seed: UInt64,
        strength: String,
        cases: Int,
        mutants: [Mutant],
        rulesWithoutKill: [String],
        unexpectedWithoutMutant: [String]
    ) {
        self.tool = tool
        self.environment = environment
        self.seed = seed
        self.strength = strength
        self.cases = cases
        self.mutants = mutants
        self.rulesWithoutKill = rulesWithoutKill
        self.unexpectedWithoutMutant = unexpectedWithoutMutant
    }

    package var survivors: [Mutant] { mutants.filter { $0.killedBy.isEmpty } }

    /// Whether every mutant was noticed, and nothing else.
    package var isAsExpected: Bool { survivors.isEmpty && unexpectedWithoutMutant.isEmpty && !mutants.isEmpty }

    /// Writes the report as JSON, ending with a newline.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// One line a mutant, then what is to be put right, then a sentence.
    package var text: String {
        let width = mutants.map(\.name.count).max() ?? 0
        var lines = mutants.map { mutant in
            let name = mutant.name + String(repeating: " ", count: width - mutant.name.count)
            guard let first = mutant.killedBy.first else { return "SURVIVES  \(name)  \(mutant.change)" }
            let count = Count.of(mutant.killedBy.count, "case") + (mutant.isCounted ? "" : " or more")
            return "killed    \(name)  by \(count), such as \(first)"
        }
        lines += rulesWithoutKill.map { "no kill   rule \($0) decided no case that killed a mutant" }
        lines += unexpectedWithoutMutant.map { "unexpected without a mutant: \($0)" }
        let killed = mutants.count - survivors.count
        lines.append(
            "\(killed) of \(Count.of(mutants.count, "mutant")) killed, with \(Count.of(cases, "case")) of strength "
                + "\(strength) and the seed \(seed)."
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
