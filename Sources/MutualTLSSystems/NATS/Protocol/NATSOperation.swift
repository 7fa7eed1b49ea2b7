internal import FoundationEssentials
internal import MutualTLS
public import NIOCore

/// A message that was published.
public struct NATSMessage: Sendable, Hashable {
    /// The object of the finding.
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

/// The greeting of a NATS server, as far as it matters here.
public struct NATSServerInfo: Sendable, Hashable, Codable {
    /// The server's name.
    public var serverName: String
    /// The version of the server.
    public var version: String
    /// How many bytes a payload may have.
    public var maxPayload: Int
    /// Whether TLS must begin after the greeting.
    public var tlsRequired: Bool
    /// Whether clients must present a certificate.
    public var tlsVerify: Bool

    enum CodingKeys: String, CodingKey {
        case serverName = "server_name"
        case version
        case maxPayload = "max_payload"
        case tlsRequired = "tls_required"
        case tlsVerify = "tls_verify"
    }

    /// The lines that a server of this library prints.
    init(serverName: String, tlsVerify: Bool) {
        self.serverName = serverName
        version = "2.0.0"
        maxPayload = NATSDecoder.largestPayload
        tlsRequired = true
        self.tlsVerify = tlsVerify
    }

    /// Decodes a greeting, in which NATS leaves out whatever is false.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        serverName = try values.decodeIfPresent(String.self, forKey: .serverName) ?? ""
        version = try values.decodeIfPresent(String.self, forKey: .version) ?? ""
        maxPayload = try values.decodeIfPresent(Int.self, forKey: .maxPayload) ?? NATSDecoder.largestPayload
        tlsRequired = try values.decodeIfPresent(Bool.self, forKey: .tlsRequired) ?? false
        tlsVerify = try values.decodeIfPresent(Bool.self, forKey: .tlsVerify) ?? false
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(NATSServerInfo.self, from: Data(json.utf8))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
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

/// In front of TLS on a server: says something in plain text before TLS begins on the same connection.
final class PlaintextGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: ByteBuffer

    init(_ greeting: ByteBuffer) {
        self.greeting = greeting
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(greeting), promise: nil)
        context.fireChannelActive()
    }
}
