internal import ConformanceModel

/// A step of a case's timeline in words, for those that open no connection.
struct StepSentence {
    let text: String

    /// Nil for a step that opens a connection, which has a heading of its own.
    init?(_ step: Step) {
        switch step {
        case .connect, .reconnect: return nil
        case .exchange: text = "data both ways"
        case .close: text = "close_notify from both sides"
        case .restart(let side): text = "the \(side.rawValue) restarts"
        case .advanceClock(let seconds): text = "both clocks move on by \(Self.span(seconds))"
        case .rotate(let rotation):
            let change = "the \(rotation.side.rawValue)'s \(Self.words(rotation.change))"
            text = rotation.at.map { "\(change), \(Self.moment($0))" } ?? change
        }
    }

    private static func words(_ change: SettingChange) -> String {
        let value =
            switch change {
            case .identity(let name), .serverName(let name): name
            case .clientAuth(let mode): mode.rawValue
            case .clientCAs(let names), .rootCAs(let names), .revocationLists(let names):
                names.isEmpty ? "nothing" : names.joined(separator: " ")
            }
        return "\(change.setting.rawValue) becomes \(value)"
    }

    private static func moment(_ phase: Phase) -> String {
        switch phase {
        case .beforeClientHello: "before the first byte"
        case .clientHelloFirstByte: "at the first byte of the ClientHello"
        case .clientHelloAllButLastByte: "before the last byte of the ClientHello"
        case .clientHelloProcessed: "once the ClientHello was processed"
        case .clientFlightSent: "once the client had answered"
        case .clientFlightProcessed: "once the server had read the client's answer"
        case .established: "once both had finished the handshake"
        case .closed: "once both had closed"
        }
    }

    private static func span(_ seconds: Int64) -> String {
        for (unit, length) in [("d", Int64(86_400)), ("h", 3600), ("min", 60)]
        where seconds != 0 && seconds.isMultiple(of: length) {
            return "\(seconds / length) \(unit)"
        }
        return "\(seconds) s"
    }
}
