package import ConformanceModel

/// The settings and the session of each connection of a case, as its steps prepare them.
struct Timeline {
    private(set) var connections: [PlannedConnection] = []
    private(set) var refusedRotations: [Side] = []
    /// The settings that a side has when it starts.
    private var configured: ConnectionFacts
    /// The settings that the next handshake takes.
    private var active: ConnectionFacts
    private let start: ConnectionFacts
    private var elapsed: Int64 = 0
    private var changes = 0
    private var ticketKeys = 0
    private var clientMemory = 0

    init(of case: ConformanceCase, ruling: inout Ruling) {
        start = ConnectionFacts(of: `case`)
        configured = start
        active = start
        for (index, step) in `case`.steps.enumerated() {
            switch step {
            case .connect, .reconnect:
                let rotations = Self.rotations(during: index, of: `case`.steps)
                open(step, rotations: rotations, ruling: &ruling)
            case .rotate(let rotation) where rotation.at == nil:
                rotate(rotation, ruling: &ruling)
            case .restart(let side):
                restart(side, ruling: &ruling)
            case .advanceClock(let seconds):
                elapsed += seconds
            case .rotate, .exchange, .close:
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

    private mutating func open(_ step: Step, rotations: [Rotation], ruling: inout Ruling) {
        var facts = active
        if changes > 0, !ruling.holds(.rotationNewConnections, by: .server) { facts.server = start.server }
        if changes > 0, !ruling.holds(.rotationNewConnections, by: .client) { facts.client = start.client }
        facts.elapsed = elapsed
        if elapsed > 0 {
            facts.frozenClocks = Set(Side.allCases.filter { !ruling.holds(.clockAdvances, by: $0) })
        }
        connections.append(
            PlannedConnection(
                facts: facts,
                offersSession: step == .reconnect(resume: true),
                changes: changes,
                ticketKeys: ticketKeys,
                clientMemory: clientMemory
            )
        )
        for rotation in rotations {
            rotate(rotation, ruling: &ruling)
        }
    }

    private mutating func rotate(_ rotation: Rotation, ruling: inout Ruling) {
        guard isAccepted(rotation, ruling: &ruling) else { return }
        configured.apply(rotation)
        guard takesEffect(rotation, ruling: &ruling) else { return }
        active.apply(rotation)
        changes += 1
        if !connections.isEmpty, reachesLastConnection(rotation, ruling: &ruling) {
            connections[connections.count - 1].facts.apply(rotation)
            connections[connections.count - 1].changes = changes
        }
    }

    /// Whether the connection opened last takes the new value: it does when it had not taken its snapshot.
    private func reachesLastConnection(_ rotation: Rotation, ruling: inout Ruling) -> Bool {
        let snapshotRule: Rule = rotation.side == .server ? .rotationServerSnapshot : .rotationClientSnapshot
        switch rotation.at {
        case .beforeClientHello:
            return ruling.holds(snapshotRule, by: rotation.side)
        case .clientHelloFirstByte, .clientHelloAllButLastByte:
            // A client has taken its snapshot when there is a byte to deliver.
            return rotation.side == .server
                ? ruling.holds(.rotationClientHelloComplete, by: .server)
                : !ruling.holds(.rotationClientSnapshot, by: .client)
        case .clientHelloProcessed, .clientFlightSent, .clientFlightProcessed:
            return !ruling.holds(snapshotRule, by: rotation.side)
        case .established, .closed, nil:
            return !ruling.holds(.rotationExistingConnections, by: rotation.side)
        }
    }

    /// Whether a running side takes the new value before it is started anew.
    private func takesEffect(_ rotation: Rotation, ruling: inout Ruling) -> Bool {
        guard rotation.change.setting.isFixable else { return true }
        let pools = rotation.side == .server ? configured.server.pools : configured.client.pools
        switch pools {
        case .fixed: return !ruling.holds(.rotationFixedPools, by: rotation.side)
        case .live: return ruling.holds(.rotationLivePools, by: rotation.side)
        }
    }

    /// Whether the new value can be used at all; a key that does not match is refused, and that is noted.
    private mutating func isAccepted(_ rotation: Rotation, ruling: inout Ruling) -> Bool {
        guard case .identity(let name) = rotation.change, start.credential(name)?.hasMatchingKey != true else {
            return true
        }
        if ruling.holds(.rotationMismatchRefused, by: rotation.side) { refusedRotations.append(rotation.side) }
        return false
    }

    private mutating func restart(_ side: Side, ruling: inout Ruling) {
        switch side {
        case .server:
            if ruling.holds(.rotationRestart, by: side, active.server != configured.server) {
                active.server = configured.server
                changes += 1
            }
            if active.server.sessions?.sharesTicketKeys != true { ticketKeys += 1 }
        case .client:
            if ruling.holds(.rotationRestart, by: side, active.client != configured.client) {
                active.client = configured.client
                changes += 1
            }
            clientMemory += 1
        }
    }
}

/// One connection of a case as its steps prepare it: the settings that it takes, and what it may resume.
struct PlannedConnection {
    var facts: ConnectionFacts
    /// Whether the client offers the session that it holds.
    var offersSession: Bool
    /// How many changes of settings had an effect until this connection took its own.
    var changes: Int
    /// Which keys protect the server's tickets; a number that grows when they are lost.
    var ticketKeys: Int
    /// Which memory the client keeps its sessions in; a number that grows when it is lost.
    var clientMemory: Int
}

/// The settings that both sides take for one connection of a case, with all changes that reach it.
package struct ConnectionSettings: Hashable, Sendable {
    package var server: ServerSettings
    package var client: ClientSettings
    /// How far the clock of both sides has moved since the case's now, in seconds.
    package var elapsed: Int64
    /// A number that changes when the server loses its ticket keys.
    package var ticketKeys: Int
}

extension Oracle {
    /// The settings of each connection, in the order of the steps.
    package func settings(for case: ConformanceCase) -> [ConnectionSettings] {
        var ruling = Ruling()
        return Timeline(of: `case`, ruling: &ruling).connections.map {
            ConnectionSettings(
                server: $0.facts.server,
                client: $0.facts.client,
                elapsed: $0.facts.elapsed,
                ticketKeys: $0.ticketKeys
            )
        }
    }
}
