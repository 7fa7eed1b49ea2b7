public import NIOCore

/// A message that was published.
public struct NATSMessage: Sendable, Hashable {
    /// The subject that it is published to.
    public var subject: String
    /// Where an answer is expected, or nil.
    public var reply: String?
    /// The content.
    public var payload: ByteBuffer
    /// The header block as it is sent, from `NATS/1.0` to the empty line after the last header; nil without headers.
    public var headers: ByteBuffer?

    /// A message.
    public init(subject: String, reply: String? = nil, payload: ByteBuffer, headers: ByteBuffer? = nil) {
        self.subject = subject
        self.reply = reply
        self.payload = payload
        self.headers = headers
    }

    /// The answer of a server where nobody has subscribed to the subject of a request.
    static func noResponders(for reply: String) -> NATSMessage {
        NATSMessage(
            subject: reply,
            payload: ByteBuffer(),
            headers: ByteBuffer(string: "NATS/1.0 503\r\n\r\n")
        )
    }

    /// Whether it is the server's word that nobody answers.
    var isNoResponders: Bool {
        payload.readableBytes == 0 && headers?.readableBytesView.starts(with: "NATS/1.0 503".utf8) == true
    }

    /// Writes the operation that carries it, `PUB` or `MSG`, with `H` before it where it has headers.
    fileprivate func write(_ operation: String, _ words: [String], to buffer: inout ByteBuffer) {
        let headerSize = headers?.readableBytes
        let sizes = [headerSize, (headerSize ?? 0) + payload.readableBytes].compactMap { $0.map(String.init) }
        let line = [(headers == nil ? "" : "H") + operation] + words + [reply].compactMap { $0 } + sizes
        buffer.writeString(line.joined(separator: " ") + "\r\n")
        if let headers { buffer.writeImmutableBuffer(headers) }
        buffer.writeImmutableBuffer(payload)
        buffer.writeString("\r\n")
    }
}

/// One operation of the NATS protocol, of either side.
enum NATSOperation: Sendable, Hashable {
    /// The server's greeting, as JSON.
    case info(String)
    /// The client's answer to it, as JSON.
    case connect(String)
    case ping
    case pong
    case ok
    case error(String)
    case publish(NATSMessage)
    case message(NATSMessage, subscription: String)
    case subscribe(subject: String, queue: String?, subscription: String)
    /// At once, or after as many messages in all.
    case unsubscribe(subscription: String, after: Int?)

    func write(to buffer: inout ByteBuffer) {
        switch self {
        case .info(let json): buffer.writeString("INFO \(json)\r\n")
        case .connect(let json): buffer.writeString("CONNECT \(json)\r\n")
        case .ping: buffer.writeString("PING\r\n")
        case .pong: buffer.writeString("PONG\r\n")
        case .ok: buffer.writeString("+OK\r\n")
        case .error(let text): buffer.writeString("-ERR '\(text)'\r\n")
        case .publish(let message): message.write("PUB", [message.subject], to: &buffer)
        case .message(let message, let subscription):
            message.write("MSG", [message.subject, subscription], to: &buffer)
        case .subscribe(let subject, let queue, let subscription):
            buffer.writeString("SUB \(subject) \(queue.map { "\($0) " } ?? "")\(subscription)\r\n")
        case .unsubscribe(let subscription, let count):
            buffer.writeString("UNSUB \(subscription)\(count.map { " \($0)" } ?? "")\r\n")
        }
    }

    var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }
}

/// A subject with wildcards: `*` stands for one token, and `>` at the end for one or more.
struct NATSSubject: Sendable, Hashable {
    /// Bytes, since two strings of other bytes can be equal to Swift and are other subjects to NATS.
    private let tokens: [[UInt8]]

    /// Nil for a subject with an empty token, white space, or a `>` that isn't last.
    init?(_ text: String) {
        tokens = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).map(Array.init)
        guard !tokens.isEmpty, tokens.allSatisfy({ !$0.isEmpty }), !tokens.dropLast().contains(Self.rest) else {
            return nil
        }
        guard !text.contains(where: \.isWhitespace) else { return nil }
    }

    /// Whether messages may be published to it.
    var isLiteral: Bool { !tokens.contains(Self.any) && !tokens.contains(Self.rest) }

    /// Whether a message to the literal subject is for whoever subscribed to this one.
    func matches(_ literal: NATSSubject) -> Bool {
        for (index, token) in tokens.enumerated() {
            guard index < literal.tokens.count else { return false }
            if token == Self.rest { return true }
            guard token == Self.any || token == literal.tokens[index] else { return false }
        }
        return tokens.count == literal.tokens.count
    }

    private static let any = Array("*".utf8)
    private static let rest = Array(">".utf8)
}
