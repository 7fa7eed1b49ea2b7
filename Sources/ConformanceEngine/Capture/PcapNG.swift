internal import ConformanceModel

/// A capture file in the pcapng format (draft-ietf-opsawg-pcapng), with the secrets inside.
///
/// Packets are raw IP; times are microseconds since 1970.
package struct PcapNG {
    package private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - comment: what the capture is of.
    ///   - keyLog: lines in the format of NSS, which go into a Decryption Secrets Block.
    package init(comment: String, keyLog: [String]) {
        var header: [UInt8] = []
        // The byte order magic, version 1.0, and a section whose length nobody knows.
        header += Self.word(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
        header += Self.option(1, Array(comment.utf8)) + Self.endOfOptions
        block(type: 0x0A0D_0D0A, header)
        block(type: 1, Self.half(Self.linkTypeRaw) + [0, 0] + Self.word(0))
        guard !keyLog.isEmpty else { return }
        let secrets = Array((keyLog.joined(separator: "\n") + "\n").utf8)
        block(type: 10, Self.word(0x544C_534B) + Self.word(UInt32(secrets.count)) + Self.padded(secrets))
    }

    /// Adds an Enhanced Packet Block.
    package mutating func add(packet: [UInt8], atMicroseconds time: UInt64) {
        let length = Self.word(UInt32(packet.count))
        let stamp = Self.word(UInt32(truncatingIfNeeded: time >> 32)) + Self.word(UInt32(truncatingIfNeeded: time))
        block(type: 6, Self.word(0) + stamp + length + length + Self.padded(packet))
    }

    private mutating func block(type: UInt32, _ body: [UInt8]) {
        let length = Self.word(UInt32(body.count + 12))
        bytes += Self.word(type) + length + body + length
    }

    private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        half(code) + half(UInt16(truncatingIfNeeded: value.count)) + padded(value)
    }

    private static func padded(_ value: [UInt8]) -> [UInt8] {
        value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    private static func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func word(_ value: UInt32) -> [UInt8] {
        half(UInt16(truncatingIfNeeded: value)) + half(UInt16(truncatingIfNeeded: value >> 16))
    }

    private static let endOfOptions: [UInt8] = [0, 0, 0, 0]
    private static let linkTypeRaw: UInt16 = 101
}

/// Packets that carry a recorded connection as TCP over IPv4 would have (RFC 9293, RFC 791): a handshake of three, the
/// flights in segments, and an end from both sides.
package struct SyntheticTCP {
    private let clientPort: UInt16
    private var sequence: [Side: UInt32] = [.client: 1000, .server: 5000]
    package private(set) var packets: [[UInt8]] = []

    /// - Parameter number: which connection of the case it is, from 0.
    package init(_ connection: RecordedConnection, number: Int) {
        clientPort = UInt16(truncatingIfNeeded: 50_000 + number)
        send(.client, flags: Flags.synchronize)
        send(.server, flags: Flags.synchronize | Flags.acknowledge)
        send(.client, flags: Flags.acknowledge)
        for flight in connection.flights {
            var rest = flight.bytes[...]
            while !rest.isEmpty {
                send(flight.sender, flags: Flags.acknowledge | Flags.push, Array(rest.prefix(Self.segmentSize)))
                rest = rest.dropFirst(Self.segmentSize)
            }
        }
        for side in [Side.client, .server] { send(side, flags: Flags.finish | Flags.acknowledge) }
        send(.client, flags: Flags.acknowledge)
    }

    private mutating func send(_ side: Side, flags: UInt8, _ payload: [UInt8] = []) {
        let isFirst = flags == Flags.synchronize
        let own = sequence[side] ?? 0
        let other = isFirst ? 0 : sequence[side.opposite] ?? 0
        let ports = side == .client ? [clientPort, Self.serverPort] : [Self.serverPort, clientPort]
        let address = Self.address(side)
        let peer = Self.address(side.opposite)
        var segment = ports.flatMap(Self.half) + Self.word(own) + Self.word(other)
        segment += [5 << 4, flags] + Self.half(65_535) + [0, 0, 0, 0] + payload
        let pseudoHeader = address + peer + [0, 6] + Self.half(UInt16(segment.count))
        let checksum = Self.checksum(pseudoHeader + segment)
        segment.replaceSubrange(16..<18, with: Self.half(checksum))
        var header: [UInt8] = [0x45, 0] + Self.half(UInt16(20 + segment.count))
        header += Self.half(UInt16(truncatingIfNeeded: packets.count)) + [0x40, 0, 64, 6, 0, 0] + address + peer
        header.replaceSubrange(10..<12, with: Self.half(Self.checksum(header)))
        packets.append(header + segment)
        let counts = flags & (Flags.synchronize | Flags.finish) != 0 ? 1 : 0
        sequence[side] = own &+ UInt32(payload.count + counts)
    }

    /// The ones' complement sum of RFC 1071.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 + (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum >> 16 != 0 { sum = sum & 0xFFFF + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }

    /// Two addresses of the documentation block (RFC 5737).
    private static func address(_ side: Side) -> [UInt8] { side == .client ? [192, 0, 2, 1] : [192, 0, 2, 2] }

    private static func half(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    private static func word(_ value: UInt32) -> [UInt8] {
        half(UInt16(truncatingIfNeeded: value >> 16)) + half(UInt16(truncatingIfNeeded: value))
    }

    private enum Flags {
        static let finish: UInt8 = 1
        static let synchronize: UInt8 = 2
        static let push: UInt8 = 8
        static let acknowledge: UInt8 = 16
    }

    /// Readers take what comes from it for TLS without being told.
    private static let serverPort: UInt16 = 443
    private static let segmentSize = 1400
}
