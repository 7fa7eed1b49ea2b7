/// A DNS name in the form in which two of them are compared: its bytes, with the letters of ASCII folded (RFC 4343).
///
/// Swift compares strings by what they mean to a reader: to it the KELVIN SIGN is a K, and lower-casing makes it the k
/// of ASCII. A name is no more than its bytes.
package struct DNSNameKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ name: some StringProtocol) {
        bytes = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// The same without the dot that makes a name absolute: with it a name is the same host.
    init(host name: some StringProtocol) {
        let key = DNSNameKey(name)
        bytes = key.bytes.last == 0x2E ? key.bytes.dropLast() : key.bytes
    }

    /// The name as it stands, for a comparison in which letter case counts.
    package init(verbatim name: String) {
        bytes = Array(name.utf8)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The pattern whose asterisk stands for the first label, or nil for a name of one label.
    var wildcard: DNSNameKey? {
        guard let dot = bytes.firstIndex(of: 0x2E), dot > 0 else { return nil }
        return DNSNameKey(bytes: [0x2A] + bytes[dot...])
    }
}

extension String {
    /// Whether both are the same bytes in UTF-8.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
