internal import ConformanceModel

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
