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
