internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc

/// Clients in this process that come again and again to one server.
final class RotationLoad {
    /// One handshake, and what it met.
    struct Shot {
        var accepted: Bool
        /// The certificate that was served, by its name; nil when none came.
        var served: String?
        var resumed: Bool
        var detail: String?
    }

    let address: NetworkAddress
    let conversation: Conversation
    private let version: ProtocolVersion
    private let material: CaseMaterial
    private let stacks: StackRegistry
    private let patience: Duration
    private var clients: [String: LocalSide] = [:]

    init(
        _ address: NetworkAddress,
        _ conversation: Conversation,
        version: ProtocolVersion,
        material: CaseMaterial,
        stacks: StackRegistry,
        patience: Duration
    ) {
        self.address = address
        self.conversation = conversation
        self.version = version
        self.material = material
        self.stacks = stacks
        self.patience = patience
    }

    private func client(_ identity: String, keepsSessions: Bool) throws(PlayFailure) -> LocalSide {
        let key = keepsSessions ? "\(identity) with sessions" : identity
        if let client = clients[key] { return client }
        var settings = ClientSettings()
        settings.identity = identity
        settings.rootCAs = [RotationGround.root]
        settings.serverName = RotationGround.serverName
        if keepsSessions { settings.sessions = SessionSettings(lifetimeSeconds: 86_400) }
        let client = try LocalSide(
            stacks.adapter(.countersign),
            .client,
            server: ServerSettings(),
            client: settings,
            version: version,
            material: material
        )
        clients[key] = client
        return client
    }

    /// One handshake with a short conversation.
    func shoot(
        _ identity: String,
        keepsSessions: Bool = false,
        offeringSession: Bool = false
    ) throws(PlayFailure) -> Shot {
        let client = try client(identity, keepsSessions: keepsSessions)
        guard let endpoint = try client.makeEndpoint(offeringSession: offeringSession) else {
            throw .harness("the client \(identity) refuses its settings")
        }
        let end = SocketEnd(endpoint, .client, over: try connect(), conversation)
        let deadline = Deadline(after: patience)
        end.advance()
        while !end.isDone, !deadline.isOver {
            var waiting = Waiting()
            end.register(in: &waiting)
            let next = end.nextDeadline.map { $0.instant < deadline.instant ? $0 : deadline } ?? deadline
            waiting.wait(until: next)
            end.advance()
        }
        let isLate = !end.isDone
        if isLate { end.abandon() }
        let seen = end.observation()
        return Shot(
            accepted: seen.accepted && !isLate,
            served: seen.received?.name,
            resumed: seen.resumed == true,
            detail: isLate ? "no end within \(patience)" : seen.detail
        )
    }

    private func connect() throws(PlayFailure) -> Descriptor {
        do throws(SystemFailure) {
            return try Loopback.connect(port: address.port)
        } catch {
            throw .harness("no socket to connect with: \(error)")
        }
    }

    /// A connection that stays open; nil when it can't be made, or its conversation has no second request.
    func keep(_ identity: String) throws(PlayFailure) -> KeptConnection? {
        guard conversation != .greeting else { return nil }
        let client = try client(identity, keepsSessions: false)
        guard let endpoint = try client.makeEndpoint() else { return nil }
        let kept = KeptConnection(endpoint, over: try connect(), conversation, patience: patience)
        return kept.ask() ? kept : nil
    }
}

/// A connection with a request now and then.
final class KeptConnection {
    private let endpoint: any Endpoint
    private let socket: Descriptor
    private let conversation: Conversation
    private let patience: Duration
    private var outbox: [UInt8] = []
    private var isStarted = false
    private var preface: Preface?
    private var isBroken = false

    init(_ endpoint: any Endpoint, over socket: Descriptor, _ conversation: Conversation, patience: Duration) {
        self.endpoint = endpoint
        self.socket = socket
        self.conversation = conversation
        self.patience = patience
        preface = Preface(conversation)
        outbox = preface?.opening ?? []
    }

    /// Whether a request still gets its answer.
    func ask() -> Bool {
        guard !isBroken else { return false }
        let deadline = Deadline(after: patience)
        var answer: [UInt8] = []
        var hasAsked = false
        while !deadline.isOver {
            var (bytes, isAtEnd) = socket.readAvailable()
            if preface != nil {
                switch preface?.hear(bytes) {
                case .reached(let rest)?: (preface, bytes) = (nil, rest)
                case .refused?:
                    isBroken = true
                    return false
                case nil: bytes = []
                }
            }
            if preface == nil {
                if !isStarted {
                    isStarted = true
                    endpoint.start()
                }
                if !bytes.isEmpty { endpoint.receive(bytes) }
                if endpoint.state == .established, !hasAsked {
                    hasAsked = true
                    endpoint.send(request)
                }
                answer += endpoint.takeApplicationData()
                outbox += endpoint.takeOutput()
            }
            if hasAsked, isWhole(answer) {
                write()
                return true
            }
            if isAtEnd || endpoint.state == .failed || endpoint.state == .closed { break }
            write()
            var waiting = Waiting()
            waiting.add(socket, writing: !outbox.isEmpty)
            waiting.wait(until: deadline)
        }
        isBroken = true
        return false
    }

    private var request: [UInt8] {
        switch conversation {
        case .http, .request, .greeting: Array("GET / HTTP/1.1\r\nHost: \(RotationGround.serverName)\r\n\r\n".utf8)
        case .nats: Array("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n".utf8)
        case .postgres: PostgresDialogue.startup(user: "postgres")
        }
    }

    /// Whether an answer has come to its end.
    private func isWhole(_ answer: [UInt8]) -> Bool {
        let text = String(decoding: answer, as: UTF8.self)
        guard conversation != .nats else { return text.contains("PONG") }
        guard conversation != .postgres else { return PostgresDialogue.decision(answer) == .complete }
        guard let head = text.firstRange(of: "\r\n\r\n") else { return false }
        let length = text[..<head.lowerBound].split(separator: "\r\n").lazy
            .filter { $0.lowercased().hasPrefix("content-length:") }
            .compactMap { Int($0.dropFirst("content-length:".count).trimmingPrefix { $0 == " " }) }.first
        let body = text[head.upperBound...]
        return length.map { body.utf8.count >= $0 } ?? body.contains("0\r\n\r\n")
    }

    private func write() {
        while !outbox.isEmpty {
            let count = outbox.withUnsafeBytes { send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            outbox.removeFirst(count)
        }
    }
}
