internal import ConformanceEngine
internal import ConformanceModel

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

    /// See ``RemoteClient/outlivesConnections``.
    var outlivesConnections: Bool {
        switch player {
        case .local: false
        case .remote(let side): side.outlivesConnections
        }
    }

    /// Starts anew.
    func start() throws(PlayFailure) {
        refused = nil
        switch player {
        case .local(let side): try side.start()
        case .remote(let side):
            try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.stop() }
            isConfigured = false
        }
    }

    /// Takes the settings; what a stack refuses stands in ``refused``.
    func configure() throws(PlayFailure) {
        switch player {
        case .local(let side): refused = side.refused
        case .remote(let side):
            guard !isConfigured else { return }
            refused = try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.configure() }
            isConfigured = true
        }
    }

    /// - Parameters:
    ///   - offeringSession: whether it offers the session that it has kept, if any.
    ///   - patience: how long a connection to a server elsewhere may take to be made.
    ///   - terms: see ``SocketEnd``.
    func begin(
        _ server: NetworkAddress,
        of serverName: String,
        _ conversation: Conversation,
        offeringSession: Bool,
        patience: Duration,
        terms: RequestTerms
    ) throws(PlayFailure) {
        try configure()
        guard refused == nil else { return }
        switch player {
        case .local(let side):
            end = nil
            guard let endpoint = try side.makeEndpoint(offeringSession: offeringSession) else {
                refused = side.refused
                return
            }
            end = SocketEnd(
                endpoint,
                .client,
                over: try connect(to: server, of: serverName, patience),
                conversation,
                terms: terms,
                firstPiece: side.firstPiece
            )
        case .remote(let side):
            guard !offeringSession || side.outlivesConnections else {
                throw .unsupported("\(name) can't be told to offer a session")
            }
            try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.begin(server) }
        }
    }

    private func connect(
        to server: NetworkAddress,
        of name: String,
        _ patience: Duration
    ) throws(PlayFailure) -> Descriptor {
        guard server.isLive else {
            do throws(SystemFailure) {
                return try Loopback.connect(port: server.port)
            } catch {
                throw .harness("no socket to connect with: \(error)")
            }
        }
        do throws(RemoteHost.Unreachable) {
            return try RemoteHost.connect(to: server, within: patience)
        } catch {
            throw .peer(.crashed("\(name) (server): \(error.reason)"), of: .server)
        }
    }

    func advance() { end?.advance() }

    func isDone() throws(PlayFailure) -> Bool {
        switch player {
        case .local: end?.isDone ?? true
        case .remote(let side): try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.hasEnded() }
        }
    }

    func register(in waiting: inout Waiting) {
        switch player {
        case .local: end?.register(in: &waiting)
        case .remote(let side): side.register(in: &waiting)
        }
    }

    var nextDeadline: Deadline? { end?.nextDeadline }

    func observe() throws(PlayFailure) -> SideObservation {
        switch player {
        case .local:
            return end?.observation() ?? SideObservation(accepted: false, reachedHandshake: false)
        case .remote(let side):
            return try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.observe() }
        }
    }

    /// - Returns: whether the side took the change.
    func rotate(_ change: SettingChange) throws(PlayFailure) -> Bool {
        switch player {
        case .local(let side): return side.rotate(change)
        case .remote(let side):
            try configure()
            return try PlayFailure.wrapping(.client) { () throws(PeerFault) in try side.rotate(change) } == .done
        }
    }
}
