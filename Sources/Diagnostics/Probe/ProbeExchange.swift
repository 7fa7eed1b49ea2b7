internal import ConformanceModel
internal import MutualTLS

/// Drives one connection from the ClientHello to the moment when it is known what the server thinks of the client.
struct ProbeExchange {
    /// How far a connection is taken.
    enum Depth {
        /// To the end of this side's handshake.
        case handshake
        /// A little longer, for the sessions that a server gives.
        case session
        /// As long as the patience lasts, without a byte of this side's application.
        case silence
        /// Until it is known what the server thinks of the client; a silent one gets a request.
        case judgement
    }

    private let socket: ProbeSocket
    private let client: RawClient
    private let host: String
    private let startTLS: StartTLS?
    private let patience: Duration
    private(set) var hasSentRequest = false
    private(set) var handshakeTime: Duration?
    private var hasReceived = false

    init(socket: ProbeSocket, client: RawClient, host: String, startTLS: StartTLS?, patience: Duration) {
        self.socket = socket
        self.client = client
        self.host = host
        self.startTLS = startTLS
        self.patience = patience
    }

    mutating func run(_ depth: Depth) -> Attempt.Ending {
        let begin = ContinuousClock.now
        client.start()
        if let ending = handshake() { return ending }
        handshakeTime = begin.duration(to: .now)
        // A server of TLS 1.3 judges the client's certificate only now, and its tickets follow the judgement. Some
        // look once more afterwards, which is what the rest of the silence is for.
        if depth == .handshake { return .accepted(.finished) }
        if let ending = listen(for: settling) { return ending }
        if depth == .session { return .accepted(.finished) }
        guard depth == .judgement else { return listen(for: patience) ?? .accepted(.silent) }
        hasSentRequest = true
        client.send(ApplicationAnswer.request(host: host, after: startTLS))
        return listen(for: patience) ?? .accepted(client.applicationData.isEmpty ? .silent : .answered)
    }

    /// How long a server is listened to before it gets a byte: ten times what a flight took, within bounds.
    private var settling: Duration {
        let flight = (handshakeTime ?? .zero) * 10
        return min(max(flight, .milliseconds(50)), patience)
    }

    /// Nil when the handshake is over on this side.
    private mutating func handshake() -> Attempt.Ending? {
        let deadline = ContinuousClock.now + patience
        while true {
            if !flush(), case .handshaking = client.progress {
                // The alert of a server that has closed already may still wait to be read.
                return drained() ?? .refused(.reset, isHandshakeOver: false)
            }
            // What came behind the last message of the handshake is looked at afterwards.
            if client.isHandshakeOver { return nil }
            switch client.progress {
            case .established: return nil
            case .closed: return .refused(.closedWithoutAlert, isHandshakeOver: false)
            case .failed(let reason): return failure(reason, isHandshakeOver: false)
            case .handshaking: break
            }
            switch socket.receive(until: deadline) {
            case .bytes(let bytes):
                if !hasReceived, !Self.isTLS(bytes) { return .notTLS(bytes) }
                hasReceived = true
                client.receive(bytes)
            case .closed: return .refused(.closedWithoutAlert, isHandshakeOver: false)
            case .reset: return .refused(.reset, isHandshakeOver: false)
            case .nothing: return .stalled(hasServerHello: client.record.hasServerHello)
            }
        }
    }

    /// The server's reaction within a time; nil when there is none.
    private func listen(for time: Duration) -> Attempt.Ending? {
        let deadline = ContinuousClock.now + time
        while true {
            _ = flush()
            if let ending = verdict() { return ending }
            switch socket.receive(until: deadline) {
            case .bytes(let bytes): client.receive(bytes)
            case .closed: return verdict() ?? .refused(.closedWithoutAlert, isHandshakeOver: true)
            case .reset: return verdict() ?? .refused(.reset, isHandshakeOver: true)
            case .nothing: return nil
            }
        }
    }

    /// The knowledge from the input so far; nil when there is none yet.
    private func verdict() -> Attempt.Ending? {
        if let alert = client.record.alertReceived, client.progress != .established, !isClosure(alert) {
            return .refused(.alert(alert), isHandshakeOver: true)
        }
        if !client.applicationData.isEmpty {
            if let status = HTTPRefusal.status(in: client.applicationData) {
                return .refused(.http(status), isHandshakeOver: true)
            }
            guard !HTTPRefusal.isUndecided(client.applicationData) || client.progress != .established else {
                return nil
            }
            return .accepted(hasSentRequest ? .answered : .spokeFirst)
        }
        switch client.progress {
        case .closed: return .accepted(hasSentRequest ? .answered : .closedInOrder)
        case .failed(let reason): return failure(reason, isHandshakeOver: true)
        case .handshaking, .established: return nil
        }
    }

    /// Java says user_canceled before each close_notify in TLS 1.3. It is no error, and libssl reads on after it
    /// (RFC 8446 section 6.1).
    private func isClosure(_ alert: UInt8) -> Bool {
        alert == Alert.userCanceled.rawValue && client.progress == .closed
    }

    private func failure(_ reason: String, isHandshakeOver: Bool) -> Attempt.Ending {
        if let alert = client.record.alertReceived {
            return .refused(.alert(alert), isHandshakeOver: isHandshakeOver)
        }
        return .refused(.protocolError(reason), isHandshakeOver: isHandshakeOver)
    }

    private func drained() -> Attempt.Ending? {
        while case .bytes(let bytes) = socket.receive(until: .now + .milliseconds(100)) { client.receive(bytes) }
        guard let alert = client.record.alertReceived else { return nil }
        return .refused(.alert(alert), isHandshakeOver: false)
    }

    private func flush() -> Bool {
        let output = client.takeOutput()
        return output.isEmpty || socket.send(output)
    }

    /// A record of alert or handshake type, of a version that begins with 3 (RFC 8446 section 5.1).
    private static func isTLS(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first == 21 || first == 22 else { return false }
        return bytes.count < 2 || bytes[1] == 3
    }
}
