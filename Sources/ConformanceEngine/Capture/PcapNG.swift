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
