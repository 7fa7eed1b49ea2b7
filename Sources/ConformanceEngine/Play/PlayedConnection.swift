package import ConformanceModel

/// One connection of a case, kept until the case ends so that its last observation shows what lasted.
final class PlayedConnection {
    /// Rotations that a side refused while this was the newest connection.
    var refusedRotations: [Side] = []
    private let kind: Kind

    private enum Kind {
        case wired(Wired)
        /// A party does not exist, because its stack refused its settings.
        case unplayable([Side: SettingsRefused])
    }

    private struct Wired {
        let server: any Endpoint
        let client: any Endpoint
        let wire: MemoryWire
    }

    private var exchangedWhole: Bool?

    init(server: any Endpoint, client: any Endpoint) {
        kind = .wired(Wired(server: server, client: client, wire: MemoryWire(server: server, client: client)))
    }

    /// A connection that never was, since these sides refused their settings.
    init(refused: [Side: SettingsRefused]) {
        kind = .unplayable(refused)
    }

    /// The wire; nil for a connection that never was.
    var wire: MemoryWire? {
        switch kind {
        case .wired(let wired): wired.wire
        case .unplayable: nil
        }
    }

    /// Whether both ends stand and none has closed.
    var isOpen: Bool {
        guard let wire else { return false }
        return wire.phase != .closed && Side.allCases.allSatisfy { wire.fate(of: $0).isUp }
    }

    func close() throws(WireStalled) {
        try wire?.close()
    }

    func exchange() throws(WireStalled) {
        guard let wire else { return }
        let isWhole = try wire.exchange()
        exchangedWhole = (exchangedWhole ?? true) && isWhole
    }

    func observation() -> ConnectionObservation {
        ConnectionObservation(
            server: observation(of: .server),
            client: observation(of: .client),
            refusedRotations: refusedRotations
        )
    }

    private func observation(of side: Side) -> SideObservation {
        switch kind {
        case .wired(let wired):
            observation(of: side == .server ? wired.server : wired.client, fate: wired.wire.fate(of: side))
        case .unplayable(let refused):
            unplayed(refused[side])
        }
    }

    private func unplayed(_ refused: SettingsRefused?) -> SideObservation {
        var seen = SideObservation(accepted: false, reachedHandshake: false)
        if let refused {
            seen.noticed = .configuration
            seen.reason = refused.reason.rawValue
            seen.detail = refused.detail
        }
        return seen
    }

    private func observation(of endpoint: any Endpoint, fate: SideFate) -> SideObservation {
        var seen = endpoint.observation()
        seen.settle(fate: fate, exchangedWhole: exchangedWhole)
        return seen
    }
}

/// Settings that a stack refused before any byte.
package struct SettingsRefused: Hashable {
    package var reason: ReasonClass
    package var detail: String

    package init(reason: ReasonClass, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

extension SideObservation {
    /// Replaces what only the wire knows: whether the connection counts as accepted, and where a failure was noticed.
    ///
    /// - Parameter exchangedWhole: whether application data arrived whole; nil when none was to be exchanged.
    package mutating func settle(fate: SideFate, exchangedWhole: Bool?) {
        reachedHandshake = fate.receivedBytes > 0
        if !fate.completedHandshake {
            // Only a finished handshake proves that the peer holds the key of the certificate that was found good.
            verified = false
            verifiedChainLength = 0
        }
        accepted = fate.completedHandshake && !fate.failed && exchangedWhole != false
        if accepted {
            noticed = nil
            reason = nil
            detail = nil
        } else {
            noticed = fate.noticed
            if !fate.failed {
                reason = ReasonClass.other.rawValue
                detail = "the handshake succeeded, and application data did not go both ways"
            }
        }
    }
}
