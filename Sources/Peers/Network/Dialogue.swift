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
    private let terms: RequestTerms
    private var heard: [UInt8] = []
    private(set) var progress = Progress.waiting
    /// Server: whether a client may leave the connection open and ask again on it.
    private let staysOpen: Bool
    /// Whether another request may follow on this connection.
    private(set) var mayContinue = false
    /// The answer to a request that a server of somebody else gave, as soon as it is known.
    private(set) var answer: LiveAnswer?

    init(_ conversation: Conversation, side: Side, terms: RequestTerms = RequestTerms(), staysOpen: Bool = false) {
        self.staysOpen = staysOpen
        self.conversation = conversation
        self.side = side
        self.terms = terms
    }

    /// The first bytes of this side, if it is its turn.
    var opening: [UInt8]? {
        switch (conversation, side) {
        case (.greeting, .server): MemoryWire.greeting
        case (.greeting, .client): nil
        case (.http, .client), (.request, .client):
            Array("GET \(terms.path) HTTP/1.1\r\nHost: \(terms.host)\r\nConnection: close\r\n\r\n".utf8)
        case (.nats, .client): Array("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n".utf8)
        case (.postgres, .client): PostgresDialogue.startup(user: terms.user)
        case (.http, .server), (.nats, .server), (.postgres, .server), (.request, .server): nil
        }
    }

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
            return answers(to: text)
        case (.http, .client):
            guard text.contains("\r\n\r\n"), let line = text.split(separator: "\r\n").first else { return [] }
            let status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            progress = (200..<400).contains(status) ? .complete : .refused(String(line))
        case (.request, .client):
            compare(isAtEnd: false)
        case (.nats, .client):
            if text.contains("PONG") {
                progress = .complete
            } else if text.contains("-ERR") {
                progress = .refused(String(text.split(separator: "\r\n").first { $0.hasPrefix("-ERR") } ?? "-ERR"))
            }
        case (.postgres, .client):
            progress = PostgresDialogue.decision(heard) ?? .waiting
        case (.nats, .server), (.postgres, .server):
            break
        }
        return []
    }

    /// The answer to each whole request, where more than one may come on a connection.
    private mutating func answers(to requests: String) -> [UInt8] {
        let text = requests.lowercased()
        // RFC 9112 section 9.3: HTTP/1.1 persists unless the client says otherwise.
        mayContinue = staysOpen && text.contains(" http/1.1\r\n") && !text.contains("\r\nconnection: close")
        let count = mayContinue ? text.ranges(of: "\r\n\r\n").count : 1
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: \(mayContinue ? "keep-alive" : "close")\r\n\r\nhello\n"
        return (0..<count).flatMap { _ in Array(answer.utf8) }
    }

    /// The same conversation from its start, for the next request of a connection that stayed open.
    var anew: Dialogue { Dialogue(conversation, side: side, terms: terms, staysOpen: staysOpen) }

    private var isRequest: Bool { conversation == .request && side == .client }

    /// How long a peer may say nothing before that counts as acceptance; nil where it never does, since the good
    /// identity gets an answer.
    var silenceTime: Duration? {
        guard isRequest else { return nil }
        switch terms.answer {
        case .status, .other, .close: return nil
        case .silence: return terms.silenceTime
        case nil: return max(terms.silenceTime, Self.firstSilence)
        }
    }

    /// The peer doesn't speak TLS where it is asked to.
    mutating func noteRefusal(_ words: String) {
        guard progress == .waiting else { return }
        progress = .refused(words)
    }

    /// The peer has said nothing for that while.
    mutating func noteSilence() {
        guard progress == .waiting, isRequest, heard.isEmpty else { return }
        answer = .silence
        progress = .complete
    }

    /// The peer has closed in order, with close_notify.
    mutating func noteEndInOrder() {
        guard progress == .waiting, isRequest else { return }
        compare(isAtEnd: true)
    }

    /// Holds the answer so far against the one that the good identity gets.
    private mutating func compare(isAtEnd: Bool) {
        if let status = HTTPRefusal.status(in: heard) {
            progress = .refused(status)
            return
        }
        guard !heard.isEmpty else {
            guard isAtEnd else { return }
            answer = .close
            switch terms.answer {
            case nil, .close, .silence: progress = .complete
            case .status, .other: progress = .refused("it closed without an answer")
            }
            return
        }
        let text = String(decoding: heard, as: UTF8.self)
        guard text.hasPrefix("HTTP/1."), let line = text.split(whereSeparator: \.isNewline).first else {
            if text.utf8.count < 7, "HTTP/1.".hasPrefix(text), !isAtEnd { return }
            answer = .other
            if case .status = terms.answer {
                progress = .refused("it answered in no HTTP")
            } else {
                progress = .complete
            }
            return
        }
        // A line that ends with CR and LF ends with one character, which isn't "\n".
        guard text.contains(where: \.isNewline) || isAtEnd else { return }
        let code = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        // A 400 whose page isn't there yet may still say that it is about the certificate.
        if HTTPRefusal.isUndecided(heard), !isAtEnd, terms.answer == nil || terms.answer == .status(code) { return }
        answer = .status(code)
        switch terms.answer {
        case .status(let good) where code != good && !(200..<300).contains(code): progress = .refused(String(line))
        case nil, .status, .other, .close, .silence: progress = .complete
        }
    }

    private static let firstSilence = Duration.seconds(3)

    private static let limit = 1 << 16
}

/// The request of a client, and the answer it takes for acceptance, where nobody knows what the server speaks.
struct RequestTerms: Hashable {
    var host = "server.test"
    var path = "/"
    var user = "postgres"
    /// The good identity's answer; nil before it is known.
    var measure: LiveAnswer?
    /// The host that gave that answer; nil for any.
    var measuredHost: String?
    /// How long silence may last where the good identity gets nothing else.
    var silenceTime = Duration.zero

    /// The answer that the host of the request gives to the good identity; nil where nobody knows.
    var answer: LiveAnswer? { measuredHost == nil || measuredHost == host ? measure : nil }
}
