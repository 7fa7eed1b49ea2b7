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

/// One side's observation of one connection, in one sentence.
struct ObservationSentence {
    let text: String

    init(_ observation: SideObservation, of stack: Stack) {
        var parts = [Self.outcome(observation)]
        if let alert = observation.alertSent { parts.append("sent alert \(alert.sentencePart)") }
        if let alert = observation.alertReceived { parts.append("received alert \(alert.sentencePart)") }
        if let sighting = observation.presented { parts.append("presented \(sighting.sentencePart)") }
        if let sighting = observation.received {
            parts.append("received \(sighting.sentencePart) in a chain of \(observation.receivedChainLength)")
        }
        if observation.verified { parts.append("verified a chain of \(observation.verifiedChainLength)") }
        if let sni = observation.sni { parts.append("server_name \(sni)") }
        if let requested = observation.certificateRequested {
            parts.append(requested ? "certificate requested" : "no certificate requested")
        }
        if let names = observation.acceptableCAs, !names.isEmpty {
            parts.append("CA names \(names.joined(separator: " "))")
        }
        if observation.resumed { parts.append("resumed") }
        if observation.heardPlaintext == true { parts.append("heard its peer speak without TLS") }
        if !observation.reachedHandshake { parts.append("never read a byte of its peer") }
        if let detail = observation.detail, !detail.isEmpty { parts.append("said: \(detail)") }
        text = "(\(stack.rawValue)) " + parts.joined(separator: ", ")
    }

    private static func outcome(_ observation: SideObservation) -> String {
        guard !observation.accepted else { return "accepted" }
        var text = "did not accept"
        if let noticed = observation.noticed { text += ", noticed in \(noticed.sentencePart)" }
        if let reason = observation.reason { text += ", for \(reason)" }
        return text
    }
}

extension CertificateSighting {
    /// The scenario's entry, or the serial number of a certificate that the case did not mint.
    var sentencePart: String { name ?? "a certificate of serial \(serial ?? "unknown") that this case did not mint" }
}
