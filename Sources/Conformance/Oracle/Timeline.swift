/// What a case's steps mean for each of its connections.
struct Timeline {
    /// One connection with the identities that each side's handshake must use.
    struct Connection {
        var serverIdentity: String?
        var clientIdentity: String?
        /// Rotations that happened before, during or after it, which its identities had to follow or to withstand.
        var rules: [Rule] = []
    }

    private(set) var connections: [Connection] = []
    private(set) var refusedRotations: [Side] = []
    private var server: String?
    private var client: String?
    private var rotated: Set<Side> = []

    init(of case: ConformanceCase) {
        server = `case`.server.identity
        client = `case`.client.identity
        for (index, step) in `case`.steps.enumerated() {
            switch step {
            case .connect:
                open(`case`, rotations: Self.rotations(during: index, of: `case`.steps))
            case .rotate(let rotation) where rotation.at == nil:
                rotateBetweenConnections(rotation, in: `case`)
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

    private mutating func open(_ case: ConformanceCase, rotations: [Rotation]) {
        var connection = Connection(serverIdentity: server, clientIdentity: client)
        if !rotated.isEmpty { connection.rules.append(.rotationNewConnections) }
        for rotation in rotations {
            guard accepts(rotation, in: `case`) else {
                connection.rules.append(.rotationMismatchRefused)
                refusedRotations.append(rotation.side)
                continue
            }
            rotated.insert(rotation.side)
            switch (rotation.side, rotation.at) {
            case (.server, .beforeClientHello):
                connection.serverIdentity = rotation.to
                connection.rules.append(.rotationServerSnapshot)
            case (.client, .beforeClientHello):
                connection.clientIdentity = rotation.to
                connection.rules.append(.rotationClientSnapshot)
            case (.server, .clientHelloProcessed), (.server, .clientFlightSent):
                connection.rules.append(.rotationServerSnapshot)
            case (.client, .clientHelloProcessed), (.client, .clientFlightSent):
                connection.rules.append(.rotationClientSnapshot)
            case (_, .established), (_, .closed), (_, nil):
                connection.rules.append(.rotationExistingConnections)
            }
        }
        for rotation in rotations where accepts(rotation, in: `case`) { install(rotation) }
        connections.append(connection)
    }

    private mutating func rotateBetweenConnections(_ rotation: Rotation, in case: ConformanceCase) {
        guard accepts(rotation, in: `case`) else {
            refusedRotations.append(rotation.side)
            connections.indices.last.map { connections[$0].rules.append(.rotationMismatchRefused) }
            return
        }
        connections.indices.last.map { connections[$0].rules.append(.rotationExistingConnections) }
        rotated.insert(rotation.side)
        install(rotation)
    }

    private mutating func install(_ rotation: Rotation) {
        switch rotation.side {
        case .server: server = rotation.to
        case .client: client = rotation.to
        }
    }

    private func accepts(_ rotation: Rotation, in case: ConformanceCase) -> Bool {
        `case`.pki.credentials[rotation.to]?.hasMatchingKey ?? false
    }
}
