/// One step of a case's timeline.
package enum Step: Hashable, Codable, Sendable {
    /// Opens a connection and shakes hands in full: the client offers no session.
    case connect
    /// Opens a further connection of the same client, which offers the session that it holds only if it resumes.
    case reconnect(resume: Bool)
    /// The server greets, the client answers, on the connection opened last.
    case exchange
    /// Changes one setting of a side. With a phase it happens during the connection opened before it, exactly there;
    /// without one it happens now, between connections or on an established one.
    case rotate(Rotation)
    /// Closes the connection opened last with close_notify from both sides.
    case close
    /// Ends a side's process and starts it again with the settings as they stand now: what was fixed at the start is
    /// read anew, and what lived in memory, sessions and ticket keys of its own, is gone.
    case restart(Side)
    /// Moves the clock of both sides forward.
    case advanceClock(seconds: Int64)

    /// Whether the step opens a connection.
    package var opensConnection: Bool {
        switch self {
        case .connect, .reconnect: true
        case .exchange, .rotate, .close, .restart, .advanceClock: false
        }
    }

    /// Whether it is one of those that every case is made of, and tells nothing about it.
    package var isPlain: Bool {
        switch self {
        case .connect, .exchange, .close: true
        case .reconnect, .rotate, .restart, .advanceClock: false
        }
    }

    /// Whether it asks nothing of a server but to answer.
    package var leavesServer: Bool {
        switch self {
        case .connect, .exchange, .close, .reconnect: true
        case .rotate(let rotation): rotation.side == .client
        case .restart, .advanceClock: false
        }
    }
}

/// A step stands in results as a scenario writes it, so that a reader of one reads the other.
extension Step {
    fileprivate enum Key: String, CodingKey {
        case reconnect, rotate, restart, clock
    }

    fileprivate enum Detail: String, CodingKey {
        case resume, side, advanceSeconds
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .connect, .exchange, .close:
            var container = encoder.singleValueContainer()
            try container.encode(word)
        case .reconnect(let resume):
            var detail = encoder.detail(of: .reconnect)
            try detail.encode(resume, forKey: .resume)
        case .rotate(let rotation):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(rotation, forKey: .rotate)
        case .restart(let side):
            var detail = encoder.detail(of: .restart)
            try detail.encode(side, forKey: .side)
        case .advanceClock(let seconds):
            var detail = encoder.detail(of: .clock)
            try detail.encode(seconds, forKey: .advanceSeconds)
        }
    }

    package init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            guard let step = Self.words.first(where: { $0.word == word }) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "“\(word)” is no step")
                )
            }
            self = step
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a step is a word, or has one key")
            )
        }
        if key == .rotate {
            self = .rotate(try container.decode(Rotation.self, forKey: key))
            return
        }
        let detail = try container.nestedContainer(keyedBy: Detail.self, forKey: key)
        switch key {
        case .reconnect: self = .reconnect(resume: try detail.decode(Bool.self, forKey: .resume))
        case .restart: self = .restart(try detail.decode(Side.self, forKey: .side))
        case .clock, .rotate: self = .advanceClock(seconds: try detail.decode(Int64.self, forKey: .advanceSeconds))
        }
    }

    private static let words: [Step] = [.connect, .exchange, .close]

    /// The step's name, which is all of a step without details.
    private var word: String {
        switch self {
        case .connect: "connect"
        case .exchange: "exchange"
        case .close: "close"
        case .reconnect: Key.reconnect.rawValue
        case .rotate: Key.rotate.rawValue
        case .restart: Key.restart.rawValue
        case .advanceClock: Key.clock.rawValue
        }
    }
}

extension Encoder {
    fileprivate func detail(of key: Step.Key) -> KeyedEncodingContainer<Step.Detail> {
        var container = container(keyedBy: Step.Key.self)
        return container.nestedContainer(keyedBy: Step.Detail.self, forKey: key)
    }
}
