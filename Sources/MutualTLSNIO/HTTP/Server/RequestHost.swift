internal import NIOCore
internal import NIOHTTP1

/// The host that a request is for: that of its target where the target has one, else that of its Host field (RFC 9112
/// section 3.3).
struct RequestHost: Equatable {
    /// The host in lower case, without port, brackets, trailing dot and percent-encoding: what two spellings of one host
    /// have in common. Nil where the request names none.
    let name: String?
    /// Host and port as the target has them, in place of whatever the Host field says (RFC 9112 section 3.2.2); nil where
    /// the field counts.
    let replacement: String?

    /// The host of a request, or nil where it has to be answered with 400.
    ///
    /// RFC 9112 section 3.2 asks for that where Host is missing in HTTP/1.1, stands twice or isn't one; section 3.2.2
    /// asks for a Host beside a target of absolute form too.
    init?(_ head: HTTPRequestHead) {
        let fields = head.headers["Host"]
        guard fields.count == 1 || (fields.isEmpty && head.version.isBefore11),
            let field = Self.host(of: fields.first ?? "")
        else {
            return nil
        }
        switch Self.authority(of: head) {
        case .none:
            name = field.isEmpty ? nil : field
            replacement = nil
        case .some(let authority):
            // RFC 9110 section 4.2.2: a URI without a host is invalid.
            guard let host = Self.host(of: authority), !host.isEmpty else { return nil }
            name = host
            replacement = String(authority)
        case .malformed:
            return nil
        }
    }

    private enum Authority {
        case none
        case some(Substring)
        case malformed
    }

    private static func authority(of head: HTTPRequestHead) -> Authority {
        if head.method == .CONNECT { return .some(head.uri[...]) }
        if head.uri.hasPrefix("/") || head.uri == "*" { return .none }
        for scheme in ["https://", "http://"] where head.uri.prefix(scheme.count).lowercased() == scheme {
            return .some(head.uri.dropFirst(scheme.count).prefix { !"/?#".contains($0) })
        }
        return .malformed
    }

    /// The host of `uri-host [":" port]` (RFC 3986 section 3.2.2), empty for an empty text, or nil for anything else.
    private static func host(of text: some StringProtocol) -> String? {
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), isPort(bytes[(end + 1)...]) else { return nil }
            let literal = String(decoding: bytes[1..<end], as: UTF8.self)
            guard case .v6? = try? SocketAddress(ipAddress: literal, port: 0) else { return nil }
            return literal.lowercased()
        }
        let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        guard isPort(bytes[end...]), var name = decoded(bytes[..<end]) else { return nil }
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        // A port or a dot alone is no host.
        guard !name.isEmpty || bytes.isEmpty else { return nil }
        return String(decoding: name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Nothing, or a colon with the digits of a port, which may be none.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.first else { return true }
        return colon == UInt8(ascii: ":") && bytes.count <= 6
            && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    /// A registered name without percent-encoding, or nil for one that has other characters than RFC 3986 lets it have,
    /// or that hides some of them in percent-encoding.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var name: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                let hidden = high << 4 | low
                guard hidden >= 0x80 || isAllowed(hidden) else { return nil }
                name.append(hidden)
            } else {
                guard isAllowed(byte) else { return nil }
                name.append(byte)
            }
        }
        return name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~!$&'()*+;=".utf8.contains(byte)
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}

extension HTTPVersion {
    /// Whether the rules of HTTP/1.1 are too young for it.
    var isBefore11: Bool { major < 1 || (major == 1 && minor < 1) }
}
