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
            case .connect:
                open(`case`, rotations: Self.rotations(during: index, of: `case`.steps), ruling: &ruling)
            case .rotate(let rotation) where rotation.at == nil:
                rotateNow(rotation, in: `case`, ruling: &ruling)
            case .rotate, .exchange, .close:
                break
            }
        }
    }

    /// The rotations with a phase that stand behind a connect belong to it.
    private static func rotations(during connect: Int, of steps: [Step]) -> [Rotation] {
        var result: [Rotation] = []
        for step in steps[(connect + 1)...] {
            if case .connect = step { break }
            if case .rotate(let rotation) = step, rotation.at != nil { result.append(rotation) }
        }
        return result
    }

    private mutating func open(_ case: ConformanceCase, rotations: [Rotation], ruling: inout Ruling) {
        let seesRotations = !hasRotated || ruling.holds(.rotationNewConnections)
        connections.append(seesRotations ? current : start)
        for rotation in rotations where isAccepted(rotation, in: `case`, ruling: &ruling) {
            let snapshotRule: Rule = rotation.side == .server ? .rotationServerSnapshot : .rotationClientSnapshot
            switch rotation.at {
            case .beforeClientHello:
                if ruling.holds(snapshotRule) { connections[connections.count - 1][rotation.side] = rotation.to }
            case .clientHelloProcessed, .clientFlightSent:
                if !ruling.holds(snapshotRule) { connections[connections.count - 1][rotation.side] = rotation.to }
            case .established, .closed, nil:
                leaveExistingConnection(rotation, ruling: &ruling)
            }
            install(rotation)
        }
    }

    private mutating func rotateNow(_ rotation: Rotation, in case: ConformanceCase, ruling: inout Ruling) {
        guard isAccepted(rotation, in: `case`, ruling: &ruling) else { return }
        leaveExistingConnection(rotation, ruling: &ruling)
        install(rotation)
    }

    private mutating func leaveExistingConnection(_ rotation: Rotation, ruling: inout Ruling) {
        guard !connections.isEmpty, !ruling.holds(.rotationExistingConnections) else { return }
        connections[connections.count - 1][rotation.side] = rotation.to
    }

    private mutating func install(_ rotation: Rotation) {
        hasRotated = true
        current[rotation.side] = rotation.to
    }

    /// A rotation to a key that does not match is refused, and noted.
    private mutating func isAccepted(_ rotation: Rotation, in case: ConformanceCase, ruling: inout Ruling) -> Bool {
        if `case`.pki.credentials[rotation.to]?.hasMatchingKey == true { return true }
        if ruling.holds(.rotationMismatchRefused) { refusedRotations.append(rotation.side) }
        return false
    }
}
