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
