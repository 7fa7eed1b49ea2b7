package import ConformanceCatalogue
package import ConformanceModel

/// A failure mode that a text speaks of, and how strongly.
package struct SymptomMatch: Hashable, Sendable {
    /// A line of the text, and the words in it that were recognised.
    package struct Hit: Hashable, Sendable {
        package var line: String
        package var symptom: FailureMode.Symptom
    }

    package var mode: FailureMode
    /// For each line that speaks of the mode, its most telling symptom.
    package var hits: [Hit]
    /// Each hit counts the characters that its symptom fixes, divided by the symptom's place.
    package var score: Double
}

extension FailureModeCatalogue {
    /// The failure modes that a text speaks of, the most telling first; ties go to the higher rank.
    package func matches(in text: String) -> [SymptomMatch] {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let normalized = lines.map(SymptomPattern.normalized)
        let found = modes.compactMap { mode -> SymptomMatch? in
            let symptoms = mode.symptoms.map { ($0, SymptomPattern($0.text)) }
            var hits: [SymptomMatch.Hit] = []
            var score = 0.0
            for (line, form) in zip(lines, normalized) {
                let telling = symptoms.filter { $0.1.matches(normalized: form) }
                    .map { (symptom: $0.0, score: Double($0.1.weight) / Double($0.0.place)) }
                    .max { $0.score < $1.score }
                // A line that stands twice says nothing more the second time.
                guard let telling, !hits.contains(where: { $0.symptom == telling.symptom }) else { continue }
                hits.append(.init(line: line, symptom: telling.symptom))
                score += telling.score
            }
            return hits.isEmpty ? nil : SymptomMatch(mode: mode, hits: hits, score: score)
        }
        return found.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element)
    }
}
