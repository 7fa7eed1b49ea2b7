internal import ConformanceEngine
internal import ConformanceModel

/// One side's part of a conversation over an established connection.
struct Dialogue {
    enum Progress: Hashable {
        case waiting
        /// Both sides have said and heard all.
        case complete
        /// The peer said no in the words of its protocol, after the handshake.
        case refused(String)
    }

    let conversation: Conversation
    let side: Side
    private var heard: [UInt8] = []
    private(set) var progress = Progress.waiting

    init(_ conversation: Conversation, side: Side) {
        self.conversation = conversation
        self.side = side
    }

    /// The first bytes of this side, if it is its turn.
    var opening: [UInt8]? {
        switch (conversation, side) {
        case (.greeting, .server): MemoryWire.greeting
        case (.greeting, .client): nil
        case (.http, .client), (.request, .client):
            Array("GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n".utf8)
        case (.nats, .client): Array("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n".utf8)
        case (.http, .server), (.nats, .server), (.request, .server): nil
        }
    }

    /// Whether a plain line of the server comes before its TLS.
    var hasPlainLine: Bool { conversation == .nats }

    /// Takes application data, and returns what there is to answer.
    mutating func hear(_ bytes: [UInt8]) -> [UInt8] {
        heard += bytes
        guard progress == .waiting, heard.count <= Self.limit else { return [] }
        let text = String(decoding: heard, as: UTF8.self)
        switch (conversation, side) {
        case (.greeting, .server):
            if text.contains("\n") { progress = .complete }
        case (.greeting, .client):
            guard text.contains("\n") else { return [] }
            progress = .complete
            return MemoryWire.answer
        case (.http, .server), (.request, .server):
            guard text.contains("\r\n\r\n") else { return [] }
            progress = .complete
            return Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n".utf8)
        case (.http, .client):
            guard text.contains("\r\n\r\n"), let line = text.split(separator: "\r\n").first else { return [] }
            let status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            progress = (200..<400).contains(status) ? .complete : .refused(String(line))
        case (.request, .client):
            if let status = HTTPRefusal.status(in: heard) {
                progress = .refused(status)
            } else if !heard.isEmpty, !HTTPRefusal.isUndecided(heard) {
                progress = .complete
            }
        case (.nats, .client):
            if text.contains("PONG") {
                progress = .complete
            } else if text.contains("-ERR") {
                progress = .refused(String(text.split(separator: "\r\n").first { $0.hasPrefix("-ERR") } ?? "-ERR"))
            }
        case (.nats, .server):
            break
        }
        return []
    }

    /// Whether a peer that says nothing for a while counts as one that accepts.
    var endsInSilence: Bool { conversation == .request && side == .client }

    /// The peer has said nothing for that while.
    mutating func noteSilence() {
        if progress == .waiting, endsInSilence { progress = .complete }
    }

    /// The peer has closed in order, with close_notify.
    mutating func noteEndInOrder() {
        if progress == .waiting, endsInSilence { progress = .complete }
    }

    private static let limit = 1 << 16
}
