internal import ConformanceModel

/// Which client authentication mode a server really runs in one version, told from what it does to a client with no
/// certificate and to one with a self-signed certificate of nobody.
struct ModeInference {
    /// Nil when the handshakes don't tell.
    var mode: ClientAuthMode?
    /// The observations in sentences, and why the mode follows or doesn't.
    var evidence: [String]

    /// - Parameters:
    ///   - none: the handshake of a client without a certificate.
    ///   - stranger: that of a client with a throwaway self-signed certificate.
    ///   - again: one more without a certificate, which must end as the first did.
    init(version: ProtocolVersion, none: Attempt, stranger: Attempt, again: Attempt) {
        let prefix = "TLS \(version.rawValue): "
        evidence = [
            "\(prefix)without a certificate: \(none)", "\(prefix)with a self-signed one: \(stranger)",
        ]
        if none.isCertificateRequested || stranger.isCertificateRequested {
            let names = [none, stranger].map { $0.record?.authorityNames.count ?? 0 }.max() ?? 0
            let words = names == 1 ? "1 authority" : "\(names) authorities"
            evidence.append("\(prefix)the server asks for a certificate, and names \(words)")
        } else if none.isAccepted || none.isRefused {
            evidence.append("\(prefix)the server asks for no certificate")
        }
        guard none.isAccepted == again.isAccepted else {
            evidence.append(
                "\(prefix)the same handshake ended differently the second time, so nothing follows: \(again)"
            )
            return
        }
        guard none.isAccepted || none.isRefused, stranger.isAccepted || stranger.isRefused else {
            evidence.append("\(prefix)a handshake didn't come to an end, so nothing follows")
            return
        }
        guard none.isCertificateRequested else {
            if none.isAccepted {
                mode = .noClientCert
            } else if Self.isJudgedLater(none) {
                // TLS lets anybody pass; the application looks for itself.
                mode = .noClientCert
                evidence.append("\(prefix)\(Self.later(none, stranger))")
            } else {
                evidence.append("\(prefix)the server refused before it asked for a certificate, so nothing follows")
            }
            return
        }
        mode =
            switch (none.isAccepted, stranger.isAccepted) {
            case (true, true): .requestClientCert
            case (true, false): .verifyClientCertIfGiven
            case (false, true): .requireAnyClientCert
            case (false, false): .requireAndVerifyClientCert
            }
    }

    /// Whether a client is refused only for what it asks for: in the application, or by renegotiation.
    private static func isJudgedLater(_ attempt: Attempt) -> Bool {
        if case .refused(.application, _) = attempt.ending { return true }
        guard let record = attempt.record, case .refused(_, isHandshakeOver: true) = attempt.ending else {
            return false
        }
        return record.isRenegotiationRequested || record.isCertificateRequestedLater
    }

    /// How the application came to refuse, where the handshake asked for nothing.
    private static func later(_ attempts: Attempt...) -> String {
        let records = attempts.compactMap(\.record)
        if records.contains(where: \.isRenegotiationRequested) {
            return "the server asks for a certificate by renegotiation, for what was requested alone"
        }
        if records.contains(where: \.isCertificateRequestedLater) {
            return "the server asks for a certificate after the handshake, for what was requested alone"
        }
        return "the handshake asks for no certificate, and the application refuses a client without one"
    }
}
