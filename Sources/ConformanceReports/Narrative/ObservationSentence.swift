internal import ConformanceModel

/// What one side saw of one connection, in one sentence.
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
    var sentencePart: String { name ?? "a certificate of serial \(serial) that this case did not mint" }
}
