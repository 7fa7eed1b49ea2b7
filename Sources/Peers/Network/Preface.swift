internal import ConformanceModel

/// The plaintext before TLS on the client's side of a protocol that begins without it.
struct Preface {
    /// Protocols that begin in plaintext.
    private enum Kind {
        /// NATS: the server says who it is, in a line.
        case line
        /// PostgreSQL: the client asks for TLS, and the server answers with S or N.
        case postgres
    }

    /// The end of the preface.
    enum End: Hashable {
        /// The bytes behind it, which are TLS.
        case reached([UInt8])
        /// The server takes no TLS here.
        case refused(String)
    }

    private let kind: Kind
    private var heard: [UInt8] = []

    /// Nil for a protocol whose first byte is one of TLS.
    init?(_ conversation: Conversation) {
        switch conversation {
        case .nats: kind = .line
        case .postgres: kind = .postgres
        case .greeting, .http, .request: return nil
        }
    }

    /// The bytes that the client says first.
    var opening: [UInt8] {
        switch kind {
        case .line: []
        case .postgres: Self.sslRequest
        }
    }

    /// Takes bytes of the server; nil while more of the preface is to come.
    mutating func hear(_ bytes: [UInt8]) -> End? {
        heard += bytes
        switch kind {
        case .line:
            guard let end = heard.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            return .reached(Array(heard[(end + 1)...]))
        case .postgres:
            guard let answer = heard.first else { return nil }
            guard answer == UInt8(ascii: "S") else {
                return .refused("it answers SSLRequest without S: it takes no TLS")
            }
            return .reached(Array(heard.dropFirst()))
        }
    }

    /// The length 8 and the code 80877103 (PostgreSQL's protocol, SSLRequest).
    private static let sslRequest: [UInt8] = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F]
}

/// PostgreSQL's messages behind TLS, as far as they tell whether a client is let in.
enum PostgresDialogue {
    /// StartupMessage of version 3.0: the user's name is that of its database, too.
    static func startup(user: String) -> [UInt8] {
        var body: [UInt8] = [0, 3, 0, 0]
        for (key, value) in [("user", user), ("database", user)] {
            body += Array(key.utf8) + [0] + Array(value.utf8) + [0]
        }
        body.append(0)
        return bigEndian(body.count + 4) + body
    }

    /// The server's decision; nil while its first message isn't whole.
    ///
    /// - A request for a password comes once the certificate was taken. ErrorResponse says no, but for a database that
    ///   is missing (class 3D), which is looked for after that.
    static func decision(_ bytes: [UInt8]) -> Dialogue.Progress? {
        guard let kind = bytes.first else { return nil }
        guard bytes.count >= 5 else { return nil }
        let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard (4...limit).contains(length) else { return .refused("it answers in another protocol") }
        guard bytes.count > length else { return nil }
        switch kind {
        case UInt8(ascii: "R"): return .complete
        case UInt8(ascii: "E"):
            let fields = bytes[5...length].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            let code = fields.first { $0.hasPrefix("C") }?.dropFirst() ?? ""
            let words = fields.first { $0.hasPrefix("M") }?.dropFirst() ?? ""
            if code.hasPrefix("3D") { return .complete }
            return .refused("\(code) \(SingleLine.of(String(words), limit: 200))")
        default: return .refused("it answers in another protocol")
        }
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static let limit = 30_000
}
