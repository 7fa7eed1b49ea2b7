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
