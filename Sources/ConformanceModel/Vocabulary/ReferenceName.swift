#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The name that a client expects, as its user wrote it, told apart by kind (RFC 9525 section 6.1.2).
package enum ReferenceName: Hashable, Sendable {
    case host(String, hadTrailingDot: Bool)
    case address(IPAddress)
    /// Neither a host name nor an address.
    case invalid

    package init(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        if let address = IPAddress(isBracketed ? String(text.dropFirst().dropLast()) : text) {
            self = .address(address)
            return
        }
        let hadTrailingDot = text.hasSuffix(".")
        let host = hadTrailingDot ? String(text.dropLast()) : text
        self = Self.isHostName(host) ? .host(host, hadTrailingDot: hadTrailingDot) : .invalid
    }

    /// Whether a text is an address in the brackets of a URL.
    package static func isBracketed(_ text: String) -> Bool { text.hasPrefix("[") && ReferenceName(text).isAddress }

    /// Whether two texts name one host: case and a trailing dot make no difference (RFC 4343; RFC 6066 section 3).
    package static func isSameHost(_ one: String, _ other: String) -> Bool {
        func plain(_ text: String) -> String {
            let lowered = text.lowercased()
            return lowered.count > 1 && lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
        }
        return plain(one) == plain(other)
    }

    /// Whether it is an IP address.
    package var isAddress: Bool {
        if case .address = self { true } else { false }
    }

    /// Letters, digits, hyphens and, as deployed names have them, underscores, in labels of 1 to 63 octets.
    private static func isHostName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }
}

/// An IPv4 or IPv6 address in network byte order.
package struct IPAddress: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Parses dotted-quad or colon-hexadecimal text (RFC 4291 section 2.2), without brackets or zone.
    package init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = withUnsafeBytes(of: &v6) { Array($0) }
        } else {
            return nil
        }
    }
}
