internal import ConformanceModel

/// What a worker tells its runner, one JSON object a line.
enum WorkerAnswer: Hashable, Sendable {
    /// Once, when the worker has been configured and waits for cases.
    case ready
    /// The case that the worker is at takes so much longer, for keys that have to be made.
    case needsTime(seconds: Int)
    /// One for each case, in the order in which they came.
    case result(PlayResult)
}

/// Flat where it can be: the runner reads one for each case, and each object in an object costs it as much as all the
/// members of a side.
extension WorkerAnswer: Codable {
    private enum CodingKeys: CodingKey {
        case ready
        case needsTime
        case index
        case durationMs
        case connections
        case control
        /// Of every case that was not played to its end.
        case outcome
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        if let index = try members.decodeIfPresent(Int.self, forKey: .index) {
            let duration = try members.decode(Double.self, forKey: .durationMs)
            self = .result(PlayResult(index: index, outcome: try Self.outcome(in: members), durationMs: duration))
        } else if let seconds = try members.decodeIfPresent(Int.self, forKey: .needsTime) {
            self = .needsTime(seconds: seconds)
        } else {
            _ = try members.decode(Bool.self, forKey: .ready)
            self = .ready
        }
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .ready:
            try members.encode(true, forKey: .ready)
        case .needsTime(let seconds):
            try members.encode(seconds, forKey: .needsTime)
        case .result(let result):
            try members.encode(result.index, forKey: .index)
            try members.encode(result.durationMs, forKey: .durationMs)
            if case .played(let connections, let control) = result.outcome {
                try members.encode(connections, forKey: .connections)
                try members.encodeIfPresent(control, forKey: .control)
            } else {
                try members.encode(result.outcome, forKey: .outcome)
            }
        }
    }

    private static func outcome(in members: KeyedDecodingContainer<CodingKeys>) throws -> PlayOutcome {
        guard let connections = try members.decodeIfPresent([ConnectionObservation].self, forKey: .connections) else {
            return try members.decode(PlayOutcome.self, forKey: .outcome)
        }
        let control = try members.decodeIfPresent(ConnectionObservation.self, forKey: .control)
        return .played(connections: connections, control: control)
    }
}
