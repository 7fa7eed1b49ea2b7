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
