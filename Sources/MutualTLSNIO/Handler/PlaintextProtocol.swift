/// A protocol without TLS, known by the first bytes of a stream where a TLS record was expected.
enum PlaintextProtocol: Equatable {
    case httpRequest
    case httpResponse
    case proxyHeader
    case ssh
    case natsInfo
    case mailGreeting
    /// Bytes that no TLS record begins with, of no protocol that is known here.
    case unknown

    /// How many bytes of a stream are looked at.
    static let prefixLength = 16

    /// Nil for what may be TLS: a record of a known type and of major version 3 (RFC 8446 section 5.1).
    init?(firstBytes bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        if (20...24).contains(first), bytes.count < 2 || bytes[1] == 3 { return nil }
        self =
            if Self.methods.contains(where: { bytes.starts(with: $0.utf8) }) {
                .httpRequest
            } else if bytes.starts(with: "HTTP/".utf8) {
                .httpResponse
            } else if bytes.starts(with: "PROXY ".utf8) || bytes.starts(with: Self.binaryProxySignature) {
                .proxyHeader
            } else if bytes.starts(with: "SSH-".utf8) {
                .ssh
            } else if bytes.starts(with: "INFO {".utf8) {
                .natsInfo
            } else if bytes.starts(with: "220".utf8) || bytes.starts(with: "* OK".utf8)
                || bytes.starts(with: "+OK".utf8)
            {
                .mailGreeting
            } else {
                .unknown
            }
    }

    /// The peer's behaviour instead of TLS, and the next step.
    func explanation(peer: String, firstBytes: [UInt8]) -> String {
        switch self {
        case .httpRequest:
            "The peer speaks plain HTTP: the \(peer) sent a request without TLS. Connect to this port with https."
        case .httpResponse:
            "The peer speaks plain HTTP: the \(peer) answered without TLS. Connect to its TLS port."
        case .proxyHeader:
            "The \(peer) sent a header of the PROXY protocol before TLS, which this port doesn't take. "
                + "Switch it off in the proxy, or take it off in front of TLS."
        case .ssh: "The peer speaks SSH, not TLS. Check host and port."
        case .natsInfo:
            "The \(peer) greets in plain text, as NATS does before it begins TLS on the same connection. "
                + "Read that greeting first, or check the port."
        case .mailGreeting:
            "The \(peer) greets in plain text, as mail and FTP servers do before STARTTLS. Use its TLS port."
        case .unknown:
            "What the \(peer) sent isn't TLS: expected a TLS record, found bytes that start with "
                + "\(Self.hexadecimal(firstBytes)). Check that both ends of this port speak TLS."
        }
    }

    private static let methods = [
        "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE ", "CONNECT ", "PRI * HTTP/2",
    ]
    /// Section 2.2 of the PROXY protocol specification, version 2.
    private static let binaryProxySignature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
