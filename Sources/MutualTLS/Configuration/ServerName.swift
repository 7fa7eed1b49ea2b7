internal import OpenSSL

/// The name by which a client knows its server: a DNS name or an IP address, parsed once.
///
/// It is what the server's certificate must be valid for (RFC 9525), and for a DNS name what is sent as SNI. A
/// wildcard in a certificate stands for one whole label, and needs two labels after it: `*.test` matches nothing.
public struct ServerName: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case dns(String)
        case address(text: String, bytes: [UInt8])
    }

    let kind: Kind

    /// Parses a DNS name or an IP address.
    ///
    /// Letter case is folded, one trailing dot is trimmed, brackets around an IPv6 address are trimmed. It throws
    /// ``MutualTLSError/Code/invalidServerName`` with the reason for anything else than a name that could stand in
    /// a certificate: write internationalised names as A-labels (`xn--…`, RFC 5890).
    public init(_ text: String) throws(MutualTLSError) {
        if let address = ServerName.address(text) {
            kind = address
            return
        }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        if let reason = ServerName.defect(of: name, in: text) {
            throw MutualTLSError(
                .invalidServerName,
                "Expected a DNS name or an IP address as server name, found \"\(EscapedText(HiddenKeys.of(text)))\": \(reason)"
            )
        }
        kind = .dns(name.lowercased())
    }

    /// The value of the server_name extension (RFC 6066 section 3): the DNS name, or nil for an address.
    public var sni: String? {
        switch kind {
        case .dns(let name): name
        case .address: nil
        }
    }

    /// Whether it is an IP address.
    public var isAddress: Bool { sni == nil }

    private static func address(_ text: String) -> Kind? {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
        let literal = isBracketed ? String(text.dropFirst().dropLast()) : text
        guard let bytes = addressBytes(literal), !isBracketed || bytes.count == 16 else { return nil }
        return .address(text: addressText(bytes) ?? literal, bytes: bytes)
    }

    private static func defect(of name: String, in text: String) -> String? {
        if text.isEmpty { return "it is empty." }
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { return "it has non-ASCII characters. Use the A-label (xn--…)." }
        if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            return "it has white space or control characters."
        }
        if name.hasPrefix(".") || name.isEmpty { return "it starts with a dot." }
        if name.hasSuffix(".") { return "it ends with two dots." }
        if name.utf8.count > 253 { return "it is \(name.utf8.count) bytes long, and 253 is the most." }
        if name.contains(":") { return "it has a colon. Give the host alone, without port, scheme or zone." }
        if let other = name.utf8.first(where: { !isAllowed($0) }) {
            return "it has the character '\(Character(UnicodeScalar(other)))', which no host name has."
        }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            if label.isEmpty { return "it has two dots in a row." }
            if label.utf8.count > 63 { return "a label is \(label.utf8.count) bytes long, and 63 is the most." }
            if label.hasPrefix("-") || label.hasSuffix("-") { return "a label starts or ends with a hyphen." }
        }
        if let last = name.split(separator: ".").last, last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return "it looks like an IPv4 address and is none."
        }
        return nil
    }

    /// Letters, digits, hyphen, dot, and the underscore that cluster names use.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}

extension ServerName: CustomStringConvertible {
    /// The name or address, without brackets and without trailing dot.
    public var description: String {
        switch kind {
        case .dns(let name): name
        case .address(let text, _): text
        }
    }
}

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
