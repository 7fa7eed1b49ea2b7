internal import ConformanceModel
internal import FoundationEssentials

/// A message of the runner to a worker, one JSON object a line.
enum WorkerOrder: Hashable, Codable, Sendable {
    /// Always the first line.
    case configure(WorkerSettings)
    /// A PKI that setups refer to by its number, so that a scenario's certificates are sent once.
    case pki(number: Int, PKISpecification)
    /// A setup that cases refer to by its number.
    case setup(number: Int, CaseSetup)
    case play(PlayOrder)
}

/// The settings that hold for every case that a worker plays.
struct WorkerSettings: Hashable, Codable, Sendable {
    var seed: UInt64
    /// Seconds since 1970.
    var now: Int64
    var deadlineSeconds: Int
    var memoryMiB: Int
    var libraryMutant: String?
    var peers: PeerSettings?
}

/// JSON lines as bytes.
package enum JSONLine {
    package static func bytes(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(value)) + [lineFeed]
    }

    package static func value<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }

    package static let lineFeed: UInt8 = 0x0A
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// The lines that are whole with these bytes, without their line feeds.
    mutating func lines(adding bytes: [UInt8]) -> [[UInt8]] {
        // A line is looked through once: only new bytes can hold the next line feed.
        var searchFrom = rest.count
        rest += bytes
        var lines: [[UInt8]] = []
        var start = 0
        while let end = rest[searchFrom...].firstIndex(of: JSONLine.lineFeed) {
            lines.append(Array(rest[start..<end]))
            start = end + 1
            searchFrom = start
        }
        rest.removeFirst(start)
        return lines
    }
}

/// A message of a worker to its runner, one JSON object a line.
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
