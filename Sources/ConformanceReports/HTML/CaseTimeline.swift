internal import ConformanceModel

/// A case on one line of time: its steps, the flights that both sides reported, and how each side ended.
///
/// A flight stands here when a side reported it, so two stacks that disagree show it.
struct CaseTimeline {
    /// Where an entry stands.
    enum Lane: Int {
        case heading
        case server
        case client
        case toServer
        case toClient
        case step
    }

    struct Entry: Hashable {
        var lane: Lane
        var text: String
    }

    private(set) var entries: [Entry] = []

    /// - Parameter showsDetail: whether the stacks' own words are worth their space.
    init(_ result: CaseResult, showsDetail: Bool) {
        tell(result, showsDetail: showsDetail)
    }

    private mutating func tell(_ result: CaseResult, showsDetail: Bool) {
        let sighted = SightedConnection.all(in: result)
        guard !sighted.isEmpty else { return add(.heading, "no connection was observed") }
        // Cases without steps of their own open connections and exchange, which says nothing about them.
        guard let steps = result.steps else {
            for connection in sighted { add(connection, rotations: [], of: sighted.count, showsDetail: showsDetail) }
            return
        }
        var rest = sighted[...]
        for (position, step) in steps.enumerated() {
            if step.opensConnection {
                guard let connection = rest.popFirst() else { return add(.step, "nothing more was observed") }
                let during = steps[(position + 1)...].prefix { !$0.opensConnection }.compactMap(\.rotationWithPhase)
                add(connection, rotations: during, of: sighted.count, showsDetail: showsDetail)
            } else if step.rotationWithPhase == nil, let sentence = StepSentence(step) {
                add(.step, sentence.text)
            }
        }
    }

    private mutating func add(_ lane: Lane, _ text: String) {
        entries.append(Entry(lane: lane, text: text))
    }

    private mutating func add(
        _ connection: SightedConnection,
        rotations: [Rotation],
        of count: Int,
        showsDetail: Bool
    ) {
        add(.heading, connection.heading(of: count))
        for stage in SightedConnection.Stage.allCases {
            for rotation in rotations where rotation.at.map(SightedConnection.Stage.init(before:)) == stage {
                if let sentence = StepSentence(.rotate(rotation)) { add(.step, sentence.text) }
            }
            entries += connection.entries(of: stage, showsDetail: showsDetail)
        }
    }
}

extension Step {
    /// The rotation that happens within a handshake, at its phase.
    fileprivate var rotationWithPhase: Rotation? {
        if case .rotate(let rotation) = self, rotation.at != nil { rotation } else { nil }
    }
}

/// A rule's citation cut into pieces, those that name something public with where it is.
struct Citation {
    /// A piece of the citation.
    struct Piece: Hashable {
        var text: String
        /// Nil for words.
        var address: String?
    }

    let pieces: [Piece]

    /// Reads citations such as `RFC 8446 section 4.4.2.4; RFC 5246 7.4.6` and `CVE-2025-23419`.
    init(_ text: String) {
        var pieces: [Piece] = []
        for (position, part) in text.split(separator: ";", omittingEmptySubsequences: false).enumerated() {
            if position > 0 { pieces.append(Piece(text: "; ", address: nil)) }
            pieces += Self.pieces(of: part.drop { $0 == " " })
        }
        self.pieces = pieces
    }

    private static func pieces(of part: Substring) -> [Piece] {
        if let match = part.prefixMatch(of: /RFC (\d+)(?:,? (?:section )?(\d+(?:\.\d+)*))?/) {
            var address = "https://www.rfc-editor.org/rfc/rfc\(match.1)"
            if let section = match.2 { address += "#section-\(section)" }
            let rest = part[match.range.upperBound...]
            return [Piece(text: String(match.0), address: address)]
                + (rest.isEmpty ? [] : [Piece(text: String(rest), address: nil)])
        }
        if let match = part.prefixMatch(of: /CVE-\d{4}-\d{4,}/) {
            let rest = part[match.range.upperBound...]
            return [
                Piece(text: String(match.0), address: "https://www.cve.org/CVERecord?id=\(match.0)"),
                Piece(text: String(rest), address: nil),
            ]
            .filter { !$0.text.isEmpty }
        }
        return part.isEmpty ? [] : [Piece(text: String(part), address: nil)]
    }
}
