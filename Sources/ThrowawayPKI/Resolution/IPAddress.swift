internal import Glibc

/// An IP address or a range of them, as the octets that a certificate holds.
enum IPAddress {
    /// 4 or 16 octets, or nil when the text is not an address.
    static func octets(of text: String) -> [UInt8]? {
        if let ipv4 = parse(text, family: AF_INET, count: 4) { return ipv4 }
        return parse(text, family: AF_INET6, count: 16)
    }

    /// Address and mask of a range in CIDR form, 8 or 32 octets (RFC 5280 section 4.2.1.10), or nil when the text is
    /// not a range.
    static func maskedOctets(ofRange text: String) -> [UInt8]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = octets(of: String(parts[0])),
            parts[1].allSatisfy(\.isASCII), parts[1].allSatisfy(\.isNumber),
            let prefix = Int(parts[1]), prefix <= address.count * 8
        else { return nil }
        let mask = (0..<address.count).map { index -> UInt8 in
            let ones = min(8, max(0, prefix - index * 8))
            return ones == 0 ? 0 : 0xFF << UInt8(8 - ones)
        }
        return zip(address, mask).map { $0 & $1 } + mask
    }

    private static func parse(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        // A text with a NUL inside would be read up to it only.
        guard !text.utf8.contains(0), inet_pton(family, text, &octets) == 1 else { return nil }
        return octets
    }
}
