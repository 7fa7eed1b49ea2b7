internal import ConformanceModel
internal import FoundationEssentials

/// What a runner tells a worker, one JSON object a line.
enum WorkerOrder: Hashable, Codable, Sendable {
    /// Always the first line.
    case configure(WorkerSettings)
    /// A PKI that setups refer to by its number, so that a scenario's certificates are sent once.
    case pki(number: Int, PKISpecification)
    /// A setup that cases refer to by its number.
    case setup(number: Int, CaseSetup)
    case play(PlayOrder)
}

/// What holds for every case that a worker plays.
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
enum JSONLine {
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(value)) + [lineFeed]
    }

    static func value<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }

    static let lineFeed: UInt8 = 0x0A
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
