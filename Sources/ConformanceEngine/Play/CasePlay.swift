internal import ConformanceModel

/// One playing of a timeline with two parties.
struct CasePlay {
    private var parties: Parties
    private var connections: [PlayedConnection] = []
    /// Rotations refused before there was a connection to record them with.
    private var earlyRefusals: [Side] = []

    init(parties: Parties) {
        self.parties = parties
    }

    /// Runs all events, then observes every connection as it stands at the end.
    consuming func run(_ timeline: Timeline) throws(PlayFailure) -> [ConnectionObservation] {
        for event in timeline.events {
            switch event {
            case .connect(let offeringSession, let rotations):
                try connect(offeringSession: offeringSession, rotating: rotations)
            case .rotate(let rotation): rotate(rotation)
            case .exchange: try onWire { connection throws(WireStalled) in try connection.exchange() }
            case .close: try onWire { connection throws(WireStalled) in try connection.close() }
            case .restart(let side): try restart(side)
            case .advanceClock(let seconds): parties.advanceClock(bySeconds: seconds)
            }
        }
        return connections.map { $0.observation() }
    }

    private mutating func connect(offeringSession: Bool, rotating rotations: [Rotation]) throws(PlayFailure) {
        let connection = try parties.connect(offeringSession: offeringSession)
        connection.refusedRotations = earlyRefusals
        earlyRefusals = []
        connections.append(connection)
        for phase in Phase.allCases.sorted(by: { $0.order < $1.order }) {
            let due = rotations.filter { $0.at == phase }
            guard !due.isEmpty else { continue }
            // A connection that failed before the phase rotates where it failed: the next one sees the new identity.
            try onWire { connection throws(WireStalled) in _ = try connection.wire?.advance(to: phase) }
            due.forEach { rotate($0) }
        }
        try onWire { connection throws(WireStalled) in try connection.wire?.settle() }
    }

    /// A process that stops in order closes its connections; they keep what they were observed to be.
    private mutating func restart(_ side: Side) throws(PlayFailure) {
        for connection in connections where connection.isOpen {
            try onWire(connection) { connection throws(WireStalled) in try connection.close() }
        }
        try parties.start(side)
    }

    private mutating func rotate(_ rotation: Rotation) {
        do throws(RotationRefused) {
            try parties.rotate(rotation)
        } catch {
            if let connection = connections.last {
                connection.refusedRotations.append(rotation.side)
            } else {
                earlyRefusals.append(rotation.side)
            }
        }
    }

    private func onWire(_ act: (PlayedConnection) throws(WireStalled) -> Void) throws(PlayFailure) {
        guard let connection = connections.last else {
            throw .harness("the case has a step on a connection before its first connect")
        }
        try onWire(connection, act)
    }

    private func onWire(
        _ connection: PlayedConnection,
        _ act: (PlayedConnection) throws(WireStalled) -> Void
    ) throws(PlayFailure) {
        do throws(WireStalled) {
            try act(connection)
        } catch {
            throw .stalled(error)
        }
    }
}
