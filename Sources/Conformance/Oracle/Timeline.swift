/// What a case's steps mean for each of its connections.
struct Timeline {
    /// The identities that each side's handshake must use on one connection.
    struct Connection {
        var server: String?
        var client: String?

        subscript(side: Side) -> String? {
            get { side == .server ? server : client }
            set {
                switch side {
                case .server: server = newValue
                case .client: client = newValue
                }
            }
        }
    }

    private(set) var connections: [Connection] = []
    private(set) var refusedRotations: [Side] = []
    private let start: Connection
    private var current: Connection
    private var hasRotated = false

    init(of case: ConformanceCase, ruling: inout Ruling) {
        start = Connection(server: `case`.server.identity, client: `case`.client.identity)
        current = start
        for (index, step) in `case`.steps.enumerated() {
            switch step {
            case .connect, .reconnect:
                open(`case`, rotations: Self.rotations(during: index, of: `case`.steps), ruling: &ruling)
            case .rotate(let rotation) where rotation.at == nil:
                rotateNow(rotation, in: `case`, ruling: &ruling)
            case .rotate, .exchange, .close, .restart, .advanceClock:
                break
            }
        }
    }

    /// The rotations with a phase that stand behind a connect belong to it.
    private static func rotations(during connect: Int, of steps: [Step]) -> [Rotation] {
        var result: [Rotation] = []
        for step in steps[(connect + 1)...] {
            if step.opensConnection { break }
            if case .rotate(let rotation) = step, rotation.at != nil { result.append(rotation) }
        }
        return result
    }

    private mutating func open(_ case: ConformanceCase, rotations: [Rotation], ruling: inout Ruling) {
        let seesRotations = !hasRotated || ruling.holds(.rotationNewConnections)
        connections.append(seesRotations ? current : start)
        for rotation in rotations {
            guard let credential = accepted(rotation, in: `case`, ruling: &ruling) else { continue }
            let snapshotRule: Rule = rotation.side == .server ? .rotationServerSnapshot : .rotationClientSnapshot
            switch rotation.at {
            case .beforeClientHello:
                if ruling.holds(snapshotRule) { connections[connections.count - 1][rotation.side] = credential }
            case .clientHelloFirstByte, .clientHelloAllButLastByte:
                if rotation.side == .server, ruling.holds(snapshotRule) {
                    connections[connections.count - 1][rotation.side] = credential
                }
            case .clientHelloProcessed, .clientFlightSent, .clientFlightProcessed:
                if !ruling.holds(snapshotRule) { connections[connections.count - 1][rotation.side] = credential }
            case .established, .closed, nil:
                leaveExistingConnection(rotation.side, credential, ruling: &ruling)
            }
            install(rotation.side, credential)
        }
    }

    private mutating func rotateNow(_ rotation: Rotation, in case: ConformanceCase, ruling: inout Ruling) {
        guard let credential = accepted(rotation, in: `case`, ruling: &ruling) else { return }
        leaveExistingConnection(rotation.side, credential, ruling: &ruling)
        install(rotation.side, credential)
    }

    private mutating func leaveExistingConnection(_ side: Side, _ credential: String, ruling: inout Ruling) {
        guard !connections.isEmpty, !ruling.holds(.rotationExistingConnections) else { return }
        connections[connections.count - 1][side] = credential
    }

    private mutating func install(_ side: Side, _ credential: String) {
        hasRotated = true
        current[side] = credential
    }

    /// The credential that takes over; one whose key does not match is refused, and that is noted.
    private mutating func accepted(_ rotation: Rotation, in case: ConformanceCase, ruling: inout Ruling) -> String? {
        guard case .identity(let credential) = rotation.change else { return nil }
        if `case`.pki.credentials[credential]?.hasMatchingKey == true { return credential }
        if ruling.holds(.rotationMismatchRefused) { refusedRotations.append(rotation.side) }
        return nil
    }
}
