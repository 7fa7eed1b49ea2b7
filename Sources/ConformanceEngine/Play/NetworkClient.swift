internal import Conformance

/// The client of a case over sockets, whoever plays it.
final class NetworkClient {
    let name: String
    private let player: Player
    private(set) var refused: SettingsRefused?
    private var end: SocketEnd?
    private var isConfigured = false

    enum Player {
        case local(LocalSide)
        case remote(any RemoteClient)
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

    /// Starts anew.
    func start() throws(PlayFailure) {
        refused = nil
        switch player {
        case .local(let side): try side.start()
        case .remote(let side):
            try PlayFailure.wrapping { () throws(PeerFault) in try side.stop() }
            isConfigured = false
        }
    }

    /// Takes the settings; what a stack refuses stands in ``refused``.
    func configure() throws(PlayFailure) {
        switch player {
        case .local(let side): refused = side.refused
        case .remote(let side):
            guard !isConfigured else { return }
            refused = try PlayFailure.wrapping { () throws(PeerFault) in try side.configure() }
            isConfigured = true
        }
    }

    func begin(port: UInt16, _ conversation: Conversation) throws(PlayFailure) {
        try configure()
        guard refused == nil else { return }
        switch player {
        case .local(let side):
            end = nil
            guard let endpoint = try side.makeEndpoint() else {
                refused = side.refused
                return
            }
            do throws(SystemFailure) {
                end = SocketEnd(endpoint, .client, over: try Loopback.connect(port: port), conversation)
            } catch {
                throw .harness("no socket to connect with: \(error)")
            }
        case .remote(let side):
            try PlayFailure.wrapping { () throws(PeerFault) in try side.begin(port: port) }
        }
    }

    func advance() { end?.advance() }

    func isDone() throws(PlayFailure) -> Bool {
        switch player {
        case .local: end?.isDone ?? true
        case .remote(let side): try PlayFailure.wrapping { () throws(PeerFault) in try side.hasEnded() }
        }
    }

    func register(in waiting: inout Waiting) {
        switch player {
        case .local: end?.register(in: &waiting)
        case .remote(let side): side.register(in: &waiting)
        }
    }

    var drainDeadline: Deadline? { end?.drainDeadline }

    func observe() throws(PlayFailure) -> SideObservation {
        switch player {
        case .local:
            return end?.observation() ?? SideObservation(accepted: false, reachedHandshake: false)
        case .remote(let side):
            return try PlayFailure.wrapping { () throws(PeerFault) in try side.observe() }
        }
    }

    /// - Returns: whether the side took the change.
    func rotate(_ change: SettingChange) throws(PlayFailure) -> Bool {
        switch player {
        case .local(let side): return side.rotate(change)
        case .remote(let side):
            try configure()
            return try PlayFailure.wrapping { () throws(PeerFault) in try side.rotate(change) } == .done
        }
    }
}
