internal import NIOCore

/// Cuts a stream into operations. Lines and payloads have limits, and whatever is no operation ends the connection.
struct NATSDecoder: ByteToMessageDecoder {
    typealias InboundOut = NATSOperation

    /// The most bytes of a line; `INFO` and `CONNECT` carry JSON.
    static let longestLine = 32 * 1024
    static let largestPayload = 1 << 20

    private enum Content {
        case publish(subject: String, reply: String?)
        case message(subject: String, subscription: String, reply: String?)
    }

    /// The line of a message, and how long its payload is.
    private var awaited: (content: Content, count: Int)?

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let operation = try next(&buffer) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(operation))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState {
        try decode(context: context, buffer: &buffer)
    }

    /// The next operation, or nil until more bytes have come.
    mutating func next(_ buffer: inout ByteBuffer) throws(MutualTLSSystemsError) -> NATSOperation? {
        if awaited == nil {
            guard let line = try Self.line(&buffer) else { return nil }
            if let operation = try start(line) { return operation }
        }
        guard let (content, count) = awaited, buffer.readableBytes >= count + 2,
            let payload = buffer.readSlice(length: count), let end = buffer.readBytes(length: 2)
        else { return nil }
        guard end == [0x0D, 0x0A] else { throw Self.error("a payload of \(count) bytes with a line end after it") }
        awaited = nil
        switch content {
        case .publish(let subject, let reply):
            return .publish(NATSMessage(subject: subject, reply: reply, payload: payload))
        case .message(let subject, let subscription, let reply):
            return .message(
                NATSMessage(subject: subject, reply: reply, payload: payload),
                subscription: subscription
            )
        }
    }

    /// A line without its end, or nil until it is whole.
    static func line(_ buffer: inout ByteBuffer) throws(MutualTLSSystemsError) -> String? {
        let view = buffer.readableBytesView
        guard let end = view.prefix(longestLine).firstIndex(of: 0x0A) else {
            guard view.count < longestLine else { throw error("a line of at most \(longestLine) bytes") }
            return nil
        }
        let bytes = view[view.startIndex..<end]
        buffer.moveReaderIndex(forwardBy: bytes.count + 1)
        return String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
    }

    /// The operation of a line, or nil for one whose payload follows.
    private mutating func start(_ line: String) throws(MutualTLSSystemsError) -> NATSOperation? {
        let name = line.prefix { $0 != " " && $0 != "\t" }
        let rest = line.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }
        let words = rest.split { $0 == " " || $0 == "\t" }.map(String.init)
        switch (name.uppercased(), words.count) {
        case ("PING", _): return .ping
        case ("PONG", _): return .pong
        case ("+OK", _): return .ok
        case ("-ERR", _): return .error(String(rest).trimmingQuotes)
        case ("INFO", 1...): return .info(String(rest))
        case ("CONNECT", 1...): return .connect(String(rest))
        case ("SUB", 2): return .subscribe(subject: words[0], queue: nil, subscription: words[1])
        case ("SUB", 3): return .subscribe(subject: words[0], queue: words[1], subscription: words[2])
        case ("UNSUB", 1...2): return .unsubscribe(subscription: words[0])
        case ("PUB", 2...3):
            let reply = words.count == 3 ? words[1] : nil
            awaited = (.publish(subject: words[0], reply: reply), try Self.count(words[words.count - 1]))
        case ("MSG", 3...4):
            let reply = words.count == 4 ? words[2] : nil
            awaited = (
                .message(subject: words[0], subscription: words[1], reply: reply),
                try Self.count(words[words.count - 1])
            )
        default: throw Self.error("an operation of the NATS protocol")
        }
        return nil
    }

    private static func count(_ word: String) throws(MutualTLSSystemsError) -> Int {
        guard let count = Int(word), (0...largestPayload).contains(count) else {
            throw error("a payload of at most \(largestPayload) bytes")
        }
        return count
    }

    private static func error(_ expectation: String) -> MutualTLSSystemsError {
        MutualTLSSystemsError(.protocolError, "Expected \(expectation), found something else.")
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        hasPrefix("'") && hasSuffix("'") && count > 1 ? String(dropFirst().dropLast()) : self
    }
}
