internal import OpenSSL
internal import OpenSSLMinting

/// Serial numbers that depend on the seed and the entry's name alone, so that two runs can be compared.
enum SerialNumber {
    /// 16 octets: the start of SHA-256 over the seed (big-endian) and the name. The two highest bits are 01, which
    /// makes the number positive, never zero, and its encoding always 16 octets long.
    static func derived(from seed: UInt64, name: String) throws(OpenSSLError) -> [UInt8] {
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * UInt64($0))) }
        var serial = Array(try MessageDigest.sha256.digest(of: prefix + Array(name.utf8)).prefix(16))
        serial[0] = serial[0] & 0x3F | 0x40
        return serial
    }
}
