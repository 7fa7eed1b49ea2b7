internal import ConformanceEngine
internal import ConformanceModel

/// The server of a case over sockets, whoever plays it.
final class NetworkServer {
    let name: String
    private let player: Player
    private(set) var refused: SettingsRefused?
    private var address: NetworkAddress?
    private var listener: Descriptor?
    /// The connections since the last `listen()`, in their order: a client of somebody else's may come several times.
    private var ends: [SocketEnd] = []
    /// The connections that a client has left open before the last `listen()`.
    private var kept: [SocketEnd] = []
    private var staysOpen = false
    private let hearsPlaintext: Bool

    enum Player {
        case local(LocalSide)
        case remote(any RemoteServer)
    }

    /// - Parameter isOpen: whether each connection of a client counts, and bytes without TLS are understood, since
    ///   nobody knows what the client does.
    init(_ name: String, _ player: Player, isOpen: Bool = false) {
        hearsPlaintext = isOpen
        self.name = name
        self.player = player
    }

    var isRemote: Bool {
        switch player {
        case .local: false
        case .remote: true
        }
    }

    /// Where it listens; nil when the settings were refused.
    ///
    /// - Parameter staysOpen: whether the client's next connection may be left open for another request.
    func listen(staysOpen: Bool = false) throws(PlayFailure) -> NetworkAddress? {
        self.staysOpen = staysOpen && hearsPlaintext
        kept = (kept + ends).filter(\.isIdle)
        ends = []
        if let address { return address }
        switch player {
        case .local(let side):
            refused = side.refused
            guard refused == nil else { return nil }
            do throws(SystemFailure) {
                let (descriptor, port) = try Loopback.listen()
                listener = descriptor
                address = .loopback(port)
            } catch {
                throw .harness("no socket to listen on: \(error)")
            }
        case .remote(let side):
            switch try PlayFailure.wrapping(.server, { () throws(PeerFault) in try side.listen() }) {
            case .listening(let found): address = found
            case .refused(let refusal): refused = refusal
            }
        }
        return address
    }

    /// Starts anew.
    func start() throws(PlayFailure) {
        refused = nil
        (ends, kept) = ([], [])
        switch player {
        case .local(let side): try side.start()
        case .remote(let side):
            try PlayFailure.wrapping(.server) { () throws(PeerFault) in try side.stop() }
            address = nil
        }
    }

    func advance(_ conversation: Conversation) throws(PlayFailure) {
        guard case .local(let side) = player, let listener else { return }
        while ends.isEmpty || hearsPlaintext && ends.count < Self.mostConnections,
            let socket = Loopback.accept(listener)
        {
            guard let endpoint = try side.makeEndpoint() else {
                refused = side.refused
                return
            }
            let end = SocketEnd(endpoint, .server, over: socket, conversation, staysOpen: staysOpen)
            if hearsPlaintext { end.plaintext = PlaintextEar() }
            ends.append(end)
        }
        for end in ends { end.advance() }
        for end in kept {
            let before = end.laterRequests
            end.advance()
            if end.laterRequests > before {
                end.isReused = true
                ends.append(end)
            }
        }
        kept.removeAll { end in ends.contains { $0 === end } }
    }

    /// Whether the connection is over, of a client that is done.
    func isDone(afterClient conversation: Conversation) throws(PlayFailure) -> Bool {
        guard case .local = player else { return true }
        // A client that is done and has left nothing to accept never came.
        if ends.isEmpty || hearsPlaintext { try advance(conversation) }
        return ends.allSatisfy { $0.isDone || $0.isIdle }
    }

    func register(in waiting: inout Waiting) {
        guard case .local = player else { return }
        if ends.isEmpty || hearsPlaintext && ends.count < Self.mostConnections { waiting.add(listener) }
        for end in ends + kept { end.register(in: &waiting) }
    }

    var nextDeadline: Deadline? { (ends + kept).compactMap(\.nextDeadline).min { $0.instant < $1.instant } }

    func observe() throws(PlayFailure) -> SideObservation {
        switch player {
        case .local:
            return decisive(ends.map { $0.observation() })
        case .remote(let side):
            if side.endsWithConnection { address = nil }
            return try PlayFailure.wrapping(.server) { () throws(PeerFault) in try side.observe() }
        }
    }

    /// The connection that tells what the client made of its server: the first, unless the client ended that itself and
    /// was then content with another one.
    private func decisive(_ seen: [SideObservation]) -> SideObservation {
        let heard = seen.filter { $0.reachedHandshake || $0.heardPlaintext == true }
        guard let first = heard.first else {
            return seen.first ?? SideObservation(accepted: false, reachedHandshake: false)
        }
        var chosen = first
        // This server's own refusal is the answer, whatever the client tries after it.
        if !first.accepted, first.alertSent == nil, let later = heard.last(where: \.accepted) {
            chosen = later
            chosen.detail = "the client had given up a connection, and took this one"
        }
        if heard.contains(where: { $0.heardPlaintext == true }) { chosen.heardPlaintext = true }
        return chosen
    }

    /// More than any client needs, and fewer than one that goes round in circles makes.
    private static let mostConnections = 16

    /// - Returns: whether the side took the change.
    func rotate(_ change: SettingChange) throws(PlayFailure) -> Bool {
        switch player {
        case .local(let side): return side.rotate(change)
        case .remote(let side):
            // What runs is what rotates, also before its first connection.
            guard try listen() != nil else { return false }
            return try PlayFailure.wrapping(.server) { () throws(PeerFault) in try side.rotate(change) } == .done
        }
    }
}

/// A server's ear for a client that speaks HTTP before its TLS or without any.
///
/// Plaintext is kept away from the handshake, which goes on with the ClientHello behind it, so that the rest of the
/// client's behaviour can be seen too.
struct PlaintextEar {
    /// Bytes that are no TLS have come.
    private(set) var hasHeard = false
    /// A whole request without TLS was answered, which ends the connection.
    private(set) var hasAnswered = false
    private var heard: [UInt8] = []
    private var isTLS = false

    /// The bytes that are for the handshake.
    mutating func takeTLS(of bytes: [UInt8]) -> [UInt8] {
        if isTLS { return bytes }
        heard += bytes
        // RFC 8446 section 5.1: a handshake record of version 3.x.
        guard let start = heard.indices.first(where: { heard[$0] == 22 && $0 + 1 < heard.count && heard[$0 + 1] == 3 })
        else {
            let mayBegin = heard == [22]
            hasHeard = hasHeard || !mayBegin
            return []
        }
        isTLS = true
        hasHeard = start > 0
        return Array(heard[start...])
    }

    /// The answer of a server without TLS to the request that has come; nil while none is whole.
    mutating func answer() -> [UInt8]? {
        let isWhole = !isTLS && heard.suffix(4) == Array("\r\n\r\n".utf8)
        guard isWhole, !hasAnswered else { return nil }
        hasAnswered = true
        return Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n".utf8)
    }
}
