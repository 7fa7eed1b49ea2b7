internal import ConformanceEngine
internal import ConformanceModel

/// One playing of a timeline over loopback TCP, with a program on at least one side.
///
/// A connection is played to its end before the next step: over sockets no phase can be held, so that a case which
/// rotates inside a handshake is not supported.
final class NetworkPlay {
    private let server: NetworkServer
    private let client: NetworkClient
    private let conversation: Conversation
    private let patience: Duration
    private var openness: Openness
    private var connections: [ConnectionObservation] = []
    private var earlyRefusals: [Side] = []

    /// The facts that nobody can know of peers that a case did not set up.
    struct Openness: Hashable {
        /// The side that somebody else runs.
        var live: Side?
        /// The side of which nobody knows the stack.
        var anonymous: Side?
        var terms = RequestTerms()
    }

    init(
        _ server: NetworkServer,
        _ client: NetworkClient,
        _ conversation: Conversation,
        patience: Duration,
        openness: Openness = Openness()
    ) {
        self.openness = openness
        self.server = server
        self.client = client
        self.conversation = conversation
        self.patience = patience
    }

    func run(_ timeline: Timeline) throws(PlayFailure) -> [ConnectionObservation] {
        for (index, event) in timeline.events.enumerated() {
            switch event {
            case .connect(let offeringSession, let rotations):
                for rotation in rotations { try check(rotation) }
                for rotation in rotations where rotation.at == .beforeClientHello { try rotate(rotation) }
                let staysOpen = client.outlivesConnections && Self.staysOpen(timeline.events[(index + 1)...])
                try connect(offeringSession: offeringSession, staysOpen: staysOpen)
                for rotation in rotations where rotation.at != .beforeClientHello { try rotate(rotation) }
            case .rotate(let rotation): try rotate(rotation)
            case .exchange, .close: break
            case .restart(.server): try server.start()
            case .restart(.client): try client.start()
            case .advanceClock: throw .unsupported("a program's clock can't be moved")
            }
        }
        return connections
    }

    /// Whether a connection is left open until the next one: nothing that follows closes it before.
    private static func staysOpen(_ rest: ArraySlice<Timeline.Event>) -> Bool {
        for event in rest {
            switch event {
            case .connect: return true
            case .close, .restart: return false
            case .exchange, .rotate, .advanceClock: continue
            }
        }
        return false
    }

    private func check(_ rotation: Rotation) throws(PlayFailure) {
        switch rotation.at {
        case nil, .beforeClientHello, .established, .closed: return
        case .clientHelloFirstByte, .clientHelloAllButLastByte, .clientHelloProcessed, .clientFlightSent,
            .clientFlightProcessed:
            throw .unsupported("a handshake with a program can't be held at \(rotation.at?.rawValue ?? "a phase")")
        }
    }

    private func rotate(_ rotation: Rotation) throws(PlayFailure) {
        let isTaken =
            switch rotation.side {
            case .server: try server.rotate(rotation.change)
            case .client: try client.rotate(rotation.change)
            }
        if isTaken, case .serverName(let name) = rotation.change { openness.terms.host = name }
        guard !isTaken else { return }
        if connections.isEmpty {
            earlyRefusals.append(rotation.side)
        } else {
            connections[connections.count - 1].refusedRotations.append(rotation.side)
        }
    }

    private func connect(offeringSession: Bool, staysOpen: Bool) throws(PlayFailure) {
        var pair = try playedPair(offeringSession: offeringSession, staysOpen: staysOpen)
        pair.refusedRotations = earlyRefusals
        earlyRefusals = []
        connections.append(pair)
    }

    private func playedPair(offeringSession: Bool, staysOpen: Bool) throws(PlayFailure) -> ConnectionObservation {
        let address = try server.listen(staysOpen: staysOpen)
        if let refusal = client.refused ?? server.refused {
            return unplayed(refusal, by: client.refused == nil ? .server : .client)
        }
        guard let address else { throw .harness("a server neither listens nor refuses its settings") }
        try client.begin(
            address,
            of: server.name,
            conversation,
            offeringSession: offeringSession,
            patience: patience,
            terms: openness.terms
        )
        if let refusal = client.refused { return unplayed(refusal, by: .client) }
        try carry()
        var client = try self.client.observe()
        let isUnbegun = client.noticed == .configuration && !client.reachedHandshake
        let unreached = SideObservation(accepted: false, reachedHandshake: false)
        if isUnbegun, self.client.isRemote { return ConnectionObservation(server: unreached, client: client) }
        var server = try self.server.observe()
        if isUnbegun, self.server.isRemote, !server.accepted {
            // A client here gave up before its first byte, so that a program can only have refused an empty connection. One
            // that says it accepted contradicts that, and the judge is to see it.
            return ConnectionObservation(server: unreached, client: client)
        }
        if openness.anonymous != .server { server.complete(from: client) }
        if openness.anonymous != .client { client.complete(from: server) }
        var pair = ConnectionObservation(server: server, client: client)
        pair.openUp(for: openness.live, anonymous: openness.anonymous)
        return pair
    }

    /// Moves bytes until both sides are done.
    private func carry() throws(PlayFailure) {
        let deadline = Deadline(after: patience)
        while true {
            try server.advance(conversation)
            client.advance()
            let clientIsDone = try client.isDone()
            if clientIsDone, try server.isDone(afterClient: conversation) { return }
            guard !deadline.isOver else {
                throw .peer(.late("\(whoWaits(clientIsDone)) within \(patience)"), of: clientIsDone ? .server : .client)
            }
            var waiting = Waiting()
            server.register(in: &waiting)
            client.register(in: &waiting)
            let next = [server.nextDeadline, client.nextDeadline].compactMap(\.self).min {
                $0.instant < $1.instant
            }
            waiting.wait(until: next.map { $0.instant < deadline.instant ? $0 : deadline } ?? deadline)
        }
    }

    private func whoWaits(_ clientIsDone: Bool) -> String {
        clientIsDone
            ? "the connection of \(client.name) (client) did not end at \(server.name) (server)"
            : "\(client.name) (client) did not end its connection with \(server.name) (server)"
    }

    private func unplayed(_ refusal: SettingsRefused, by side: Side) -> ConnectionObservation {
        var seen = SideObservation(accepted: false, reachedHandshake: false)
        seen.noticed = .configuration
        seen.reason = refusal.reason.rawValue
        seen.detail = refusal.detail
        let other = SideObservation(accepted: false, reachedHandshake: false)
        return side == .server
            ? ConnectionObservation(server: seen, client: other)
            : ConnectionObservation(server: other, client: seen)
    }
}

extension SideObservation {
    /// Fills in what this side could not tell and the other one has seen for sure: the alert that arrived there, and
    /// the certificate that it was shown.
    mutating func complete(from other: SideObservation) {
        if !tells(.alertSent), other.tells(.alertReceived) {
            alertSent = other.alertReceived
            untold?.removeAll { $0 == .alertSent }
        }
        if !tells(.presented), other.tells(.received), let received = other.received {
            presented = received
            untold?.removeAll { $0 == .presented }
        }
        if untold?.isEmpty == true { untold = nil }
    }
}
