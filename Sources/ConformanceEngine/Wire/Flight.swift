package import ConformanceModel

/// All bytes that one side had to say at one time.
package struct Flight: Hashable, Sendable, CustomStringConvertible {
    /// 1 for the first flight of a connection.
    package let number: Int
    package let sender: Side
    package let byteCount: Int
    /// The content types of its records in order, repetitions left out (RFC 8446 section 5.1).
    package let contentTypes: [String]

    init(number: Int, sender: Side, bytes: [UInt8]) {
        self.number = number
        self.sender = sender
        byteCount = bytes.count
        contentTypes = Self.contentTypes(of: bytes)
    }

    package var description: String {
        let contents = contentTypes.isEmpty ? "no whole record" : contentTypes.joined(separator: ", ")
        return "flight \(number), \(sender.rawValue) to \(sender.opposite.rawValue), \(byteCount) bytes (\(contents))"
    }

    private static func contentTypes(of bytes: [UInt8]) -> [String] {
        var types: [String] = []
        var offset = 0
        while offset + recordHeaderLength <= bytes.count {
            let type = contentTypeName(bytes[offset])
            if types.last != type { types.append(type) }
            offset += recordHeaderLength + Int(bytes[offset + 3]) << 8 + Int(bytes[offset + 4])
        }
        return types
    }

    private static func contentTypeName(_ type: UInt8) -> String {
        switch type {
        case 20: "change_cipher_spec"
        case 21: "alert"
        case 22: "handshake"
        case 23: "application_data"
        default: "content type \(type)"
        }
    }

    private static let recordHeaderLength = 5
}

/// How much a connection may move before it counts as one that never ends.
package struct WireLimits: Hashable, Sendable {
    package var flights: Int
    package var bytes: Int

    package init(flights: Int = 64, bytes: Int = 1 << 20) {
        self.flights = flights
        self.bytes = bytes
    }
}

/// A connection that does not come to an end: it moves too much, or both sides wait for each other.
package struct WireStalled: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// A ServerHello that asks for another ClientHello.
enum HelloRetryRequest {
    /// SHA-256 of "HelloRetryRequest" as the ServerHello's random (RFC 8446 section 4.1.3).
    private static let random: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]
    /// Record header, handshake header and legacy_version.
    private static let randomOffset = 5 + 4 + 2

    static func opens(_ flight: [UInt8]) -> Bool {
        flight.dropFirst(randomOffset).prefix(random.count).elementsEqual(random)
    }
}

extension Phase {
    /// The place of the phase in the order in which a connection passes them.
    var order: Int {
        switch self {
        case .beforeClientHello: 0
        case .clientHelloFirstByte: 1
        case .clientHelloAllButLastByte: 2
        case .clientHelloProcessed: 3
        case .clientFlightSent: 4
        case .clientFlightProcessed: 5
        case .established: 6
        case .closed: 7
        }
    }

    /// How much of a ClientHello has been delivered at a phase inside it; nil for a phase between two flights.
    func deliveredBytes(ofClientHello count: Int) -> Int? {
        switch self {
        case .clientHelloFirstByte: 1
        case .clientHelloAllButLastByte: count - 1
        case .beforeClientHello, .clientHelloProcessed, .clientFlightSent, .clientFlightProcessed, .established,
            .closed:
            nil
        }
    }
}

/// The state of one side of a connection on the wire.
package struct SideFate: Hashable, Sendable {
    /// Whether the side's own handshake succeeded at some time.
    package var completedHandshake = false
    /// Whether the side ended in a failure.
    package var failed = false
    package var receivedBytes = 0
    /// Whether the side gave up before it had anything to send: it refused its own settings.
    package var failedAtStart = false
    package var hungUp = false

    package init() {}

    /// Whether the side's handshake succeeded and nothing failed since.
    package var isUp: Bool { completedHandshake && !failed }

    /// Where the side noticed that it failed.
    package var noticed: NoticePoint {
        failedAtStart ? .configuration : completedHandshake ? .firstRead : .handshake
    }
}
