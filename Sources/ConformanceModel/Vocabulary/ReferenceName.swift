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
