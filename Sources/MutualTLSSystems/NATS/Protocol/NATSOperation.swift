public import NIOCore

/// A message that was published.
public struct NATSMessage: Sendable, Hashable {
    /// What it is about.
    public var subject: String
    /// Where an answer is expected, or nil.
    public var reply: String?
    /// The content.
    public var payload: ByteBuffer

    /// A message.
    public init(subject: String, reply: String? = nil, payload: ByteBuffer) {
        self.subject = subject
        self.reply = reply
        self.payload = payload
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
    case unsubscribe(subscription: String)

    func write(to buffer: inout ByteBuffer) {
        switch self {
        case .info(let json): buffer.writeString("INFO \(json)\r\n")
        case .connect(let json): buffer.writeString("CONNECT \(json)\r\n")
        case .ping: buffer.writeString("PING\r\n")
        case .pong: buffer.writeString("PONG\r\n")
        case .ok: buffer.writeString("+OK\r\n")
        case .error(let text): buffer.writeString("-ERR '\(text)'\r\n")
        case .publish(let message):
            let reply = message.reply.map { "\($0) " } ?? ""
            buffer.writeString("PUB \(message.subject) \(reply)\(message.payload.readableBytes)\r\n")
            buffer.writeImmutableBuffer(message.payload)
            buffer.writeString("\r\n")
        case .message(let message, let subscription):
            let reply = message.reply.map { "\($0) " } ?? ""
            buffer.writeString("MSG \(message.subject) \(subscription) \(reply)\(message.payload.readableBytes)\r\n")
            buffer.writeImmutableBuffer(message.payload)
            buffer.writeString("\r\n")
        case .subscribe(let subject, let queue, let subscription):
            buffer.writeString("SUB \(subject) \(queue.map { "\($0) " } ?? "")\(subscription)\r\n")
        case .unsubscribe(let subscription): buffer.writeString("UNSUB \(subscription)\r\n")
        }
    }

    var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }
}
