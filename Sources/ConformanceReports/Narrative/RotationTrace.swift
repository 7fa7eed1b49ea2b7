internal import ConformanceModel

/// The outcomes of the connections around the first change of a case's settings.
struct RotationTrace {
    /// When the change came: a phase, or a moment between handshakes.
    let moment: Moment
    /// The connection that was open when the change came; nil when there was none.
    let existing: String?
    /// The connection whose handshake the change came into; nil when it came between handshakes.
    let inFlight: String?
    /// The connections that were opened afterwards, in order.
    let new: [String]

    enum Moment: Hashable, Comparable {
        case phase(Phase)
        /// While a connection was open.
        case open
        /// While none was.
        case between

        static func < (lhs: Moment, rhs: Moment) -> Bool { lhs.rank < rhs.rank }

        private var rank: Int {
            switch self {
            case .phase(let phase): Phase.allCases.firstIndex(of: phase) ?? Phase.allCases.count
            case .open: Phase.allCases.count
            case .between: Phase.allCases.count + 1
            }
        }

        var text: String {
            switch self {
            case .phase(let phase): phase.rawValue
            case .open: "on an open connection"
            case .between: "between connections"
            }
        }
    }

    /// Nil for a case without a rotation, and for one that was not played to its end.
    init?(_ result: CaseResult) {
        guard let steps = result.steps else { return nil }
        var opened = 0
        var open: [Int] = []
        var found: (rotation: Rotation, opened: Int, open: [Int])?
        for step in steps {
            if case .rotate(let rotation) = step, found == nil { found = (rotation, opened, open) }
            if step.opensConnection {
                open.append(opened)
                opened += 1
            } else if step == .close {
                _ = open.popLast()
            }
        }
        guard let (rotation, before, stillOpen) = found, result.observed.server.count == opened,
            result.observed.client.count == opened
        else { return nil }
        let show = { (index: Int) in Self.text(result, connection: index, about: rotation) }
        let current = rotation.at == nil ? nil : stillOpen.last
        moment = rotation.at.map(Moment.phase) ?? (stillOpen.isEmpty ? .between : .open)
        existing = stillOpen.last { $0 != current }.map(show)
        inFlight = current.map(show)
        new = (before..<opened).map(show)
    }

    /// The certificate that the change is about, as its receiver saw it, and how the connection ended.
    private static func text(_ result: CaseResult, connection index: Int, about rotation: Rotation) -> String {
        // A change of what verifies is about the certificate of the other side.
        let shower = rotation.change.setting == .identity ? rotation.side : rotation.side.opposite
        let server = result.observed.server[index]
        let client = result.observed.client[index]
        let receiver = shower == .server ? client : server
        var text = receiver.received.map(\.sentencePart) ?? "none"
        if server.resumed || client.resumed { text += ", resumed" }
        if let refusing = [(Side.server, server), (.client, client)].first(where: { $0.1.alertSent != nil }) {
            text += ", refused by the \(refusing.0.rawValue) for \(refusing.1.reason ?? "no reason given")"
        } else if !server.accepted || !client.accepted {
            text += ", failed"
        }
        return text
    }
}
