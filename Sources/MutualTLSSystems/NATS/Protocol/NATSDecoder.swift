internal import NIOCore

/// The limits on one line and one payload.
struct NATSWireLimits: Sendable, Hashable {
    /// The most bytes of a line behind its operation; `INFO` and `CONNECT` carry JSON.
    var controlLine: Int
    /// The most bytes of a message, its headers included.
    var payload: Int

    /// The limits of nats-server, unless its configuration says otherwise.
    static let server = NATSWireLimits(controlLine: 4096, payload: 1 << 20)
    /// A server may greet with a long INFO, and may allow messages of 64 MB at most.
    static let client = NATSWireLimits(controlLine: 32 * 1024, payload: 64 << 20)
}

/// A breach of the protocol that ends the connection.
struct NATSViolation: Error, Equatable {
    /// The text of the `-ERR` that nats-server sends before it closes; nil where it closes without one.
    let answer: String?
    let expectation: String

    /// The same for the caller of a client.
    var error: MutualTLSSystemsError {
        MutualTLSSystemsError(.protocolError, "Expected \(expectation), found something else.")
    }

    static let unknownOperation = NATSViolation("Unknown Protocol Operation", "an operation of the NATS protocol")

    static func arguments(_ expectation: String) -> NATSViolation { NATSViolation(nil, expectation) }

    init(_ answer: String?, _ expectation: String) {
        self.answer = answer
        self.expectation = expectation
    }
}

/// Cuts a stream into operations. Lines and payloads have limits, and whatever is no operation ends the connection.
struct NATSDecoder: ByteToMessageDecoder {
    typealias InboundOut = NATSOperation

    private enum Content {
        case publish(subject: String, reply: String?)
        case message(subject: String, subscription: String, reply: String?)
    }

    /// The line of a message, and how long its headers and the whole of it are.
    private struct Awaited {
        let content: Content
        let headers: Int?
        let total: Int
    }

    private static let operations: Set<String> = [
        "CONNECT", "INFO", "PING", "PONG", "PUB", "HPUB", "MSG", "HMSG", "SUB", "UNSUB", "+OK", "-ERR",
    ]
    private static let longestOperation = 7

    private let limits: NATSWireLimits
    private var awaited: Awaited?

    init(_ limits: NATSWireLimits = .server) {
        self.limits = limits
    }

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
    mutating func next(_ buffer: inout ByteBuffer) throws(NATSViolation) -> NATSOperation? {
        if awaited == nil {
            let name = Self.name(buffer)
            guard let name, Self.operations.contains(name) else {
                guard name == nil else { throw .unknownOperation }
                return nil
            }
            guard let line = try Self.line(&buffer, longest: limits.controlLine + name.utf8.count + 1) else {
                return nil
            }
            if let operation = try start(name, line) { return operation }
        }
        return try finish(&buffer)
    }

    /// The operation that the buffer begins with, in capitals; nil until all of it has come. Anything too long, or of
    /// other bytes, is what it is, and in no list.
    private static func name(_ buffer: ByteBuffer) -> String? {
        let view = buffer.readableBytesView
        let start = view.prefix(longestOperation + 1)
        guard let end = start.firstIndex(where: { isBlank($0) || $0 == 0x0D || $0 == 0x0A }) else {
            let prefix = String(decoding: start, as: UTF8.self).uppercased()
            return operations.contains { $0.hasPrefix(prefix) } ? nil : prefix
        }
        return String(decoding: start[..<end], as: UTF8.self).uppercased()
    }

    /// A line without its end, or nil until it is whole.
    static func line(_ buffer: inout ByteBuffer, longest: Int) throws(NATSViolation) -> [UInt8]? {
        let view = buffer.readableBytesView
        guard let end = view.prefix(longest + 2).firstIndex(of: 0x0A) else {
            guard view.count < longest + 2 else {
                throw NATSViolation("maximum control line exceeded", "a line of at most \(longest) bytes")
            }
            return nil
        }
        let bytes = view[view.startIndex..<end]
        buffer.moveReaderIndex(forwardBy: bytes.count + 1)
        return Array(bytes.last == 0x0D ? bytes.dropLast() : bytes)
    }

    /// The operation of a line, or nil for one whose payload follows.
    private mutating func start(_ name: String, _ line: [UInt8]) throws(NATSViolation) -> NATSOperation? {
        // Subjects are compared and passed on as bytes: text that isn't UTF-8 would come out as another subject.
        guard let text = String(validating: line, as: UTF8.self) else { throw .arguments("a line in UTF-8") }
        let rest = String(Substring(text.utf8.dropFirst(name.utf8.count).drop(while: Self.isBlank)))
        let words = rest.utf8.split(whereSeparator: Self.isBlank).map { String(Substring($0)) }
        switch (name, words.count) {
        case ("PING", _): return .ping
        case ("PONG", _): return .pong
        case ("+OK", _): return .ok
        case ("-ERR", _): return .error(rest.trimmingQuotes)
        case ("INFO", _): return .info(rest)
        case ("CONNECT", _): return .connect(rest)
        case ("SUB", 2): return .subscribe(subject: words[0], queue: nil, subscription: words[1])
        case ("SUB", 3): return .subscribe(subject: words[0], queue: words[1], subscription: words[2])
        case ("UNSUB", 1): return .unsubscribe(subscription: words[0], after: nil)
        // As nats-server does: a number that is none means at once.
        case ("UNSUB", 2):
            return .unsubscribe(subscription: words[0], after: Int(words[1]).flatMap { $0 > 0 ? $0 : nil })
        case ("PUB", 2...3), ("HPUB", 3...4):
            let sizes = name == "PUB" ? 1 : 2
            try expect(words, sizes, .publish(subject: words[0], reply: words.count == 2 + sizes ? words[1] : nil))
        case ("MSG", 3...4), ("HMSG", 4...5):
            let sizes = name == "MSG" ? 1 : 2
            let reply = words.count == 3 + sizes ? words[2] : nil
            try expect(words, sizes, .message(subject: words[0], subscription: words[1], reply: reply))
        default: throw .arguments("the arguments of \(name)")
        }
        return nil
    }

    private mutating func expect(_ words: [String], _ sizes: Int, _ content: Content) throws(NATSViolation) {
        let numbers = words.suffix(sizes).compactMap { word in Int(word).flatMap { $0 < 0 ? nil : $0 } }
        guard numbers.count == sizes, let total = numbers.last, let first = numbers.first, first <= total else {
            throw .arguments("sizes that are numbers, the headers no longer than the message")
        }
        guard total <= limits.payload else {
            throw NATSViolation("Maximum Payload Violation", "a message of at most \(limits.payload) bytes")
        }
        awaited = Awaited(content: content, headers: sizes == 2 ? first : nil, total: total)
    }

    private mutating func finish(_ buffer: inout ByteBuffer) throws(NATSViolation) -> NATSOperation? {
        guard let awaited, buffer.readableBytes >= awaited.total + 2,
            var payload = buffer.readSlice(length: awaited.total),
            let end = buffer.readBytes(length: 2)
        else { return nil }
        guard end == [0x0D, 0x0A] else { throw .unknownOperation }
        self.awaited = nil
        let headers = awaited.headers.flatMap { payload.readSlice(length: $0) }
        switch awaited.content {
        case .publish(let subject, let reply):
            return .publish(NATSMessage(subject: subject, reply: reply, payload: payload.slice(), headers: headers))
        case .message(let subject, let subscription, let reply):
            return .message(
                NATSMessage(subject: subject, reply: reply, payload: payload.slice(), headers: headers),
                subscription: subscription
            )
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

extension String {
    fileprivate var trimmingQuotes: String {
        hasPrefix("'") && hasSuffix("'") && count > 1 ? String(dropFirst().dropLast()) : self
    }
}
