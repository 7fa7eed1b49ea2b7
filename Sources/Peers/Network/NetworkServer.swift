internal import ConformanceEngine
internal import ConformanceModel

/// The server of a case over sockets, whoever plays it.
final class NetworkServer {
    let name: String
    private let player: Player
    private(set) var refused: SettingsRefused?
    private var address: NetworkAddress?
    private var listener: Descriptor?
    private var end: SocketEnd?

    enum Player {
        case local(LocalSide)
        case remote(any RemoteServer)
    }

    init(_ name: String, _ player: Player) {
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
    func listen() throws(PlayFailure) -> NetworkAddress? {
        end = nil
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
        switch player {
        case .local(let side): try side.start()
        case .remote(let side):
            try PlayFailure.wrapping(.server) { () throws(PeerFault) in try side.stop() }
            address = nil
        }
    }

    func advance(_ conversation: Conversation) throws(PlayFailure) {
        guard case .local(let side) = player, let listener else { return }
        if end == nil, let socket = Loopback.accept(listener) {
            guard let endpoint = try side.makeEndpoint() else {
                refused = side.refused
                return
            }
            end = SocketEnd(endpoint, .server, over: socket, conversation)
        }
        end?.advance()
    }

    /// Whether the connection is over, of a client that is done.
    func isDone(afterClient conversation: Conversation) throws(PlayFailure) -> Bool {
        guard case .local = player else { return true }
        // A client that is done and has left nothing to accept never came.
        if end == nil { try advance(conversation) }
        return end?.isDone ?? true
    }

    func register(in waiting: inout Waiting) {
        guard case .local = player else { return }
        if end == nil { waiting.add(listener) }
        end?.register(in: &waiting)
    }

    var nextDeadline: Deadline? { end?.nextDeadline }

    func observe() throws(PlayFailure) -> SideObservation {
        switch player {
        case .local:
            return end?.observation() ?? SideObservation(accepted: false, reachedHandshake: false)
        case .remote(let side):
            if side.endsWithConnection { address = nil }
            return try PlayFailure.wrapping(.server) { () throws(PeerFault) in try side.observe() }
        }
    }

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
