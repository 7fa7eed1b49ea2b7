internal import OpenSSL

extension ConnectionFailure {
    /// Explains why OpenSSL gave up, from what was noticed on the way.
    ///
    /// First what this side decided itself, then what the peer said, and only then what OpenSSL says.
    init(_ error: OpenSSLError, record: HandshakeRecord, role: ConnectionRole, phase: Phase, expectedName: ServerName?)
    {
        let diagnosis = Diagnosis(error, record: record, role: role, phase: phase, expectedName: expectedName)
        self.init(
            blame: diagnosis.blame,
            phase: phase,
            reason: diagnosis.reason,
            message: diagnosis.message,
            certificate: diagnosis.certificate,
            alertSent: record.alertSent,
            alertReceived: record.alertReceived
        )
    }
}

/// The meaning of a failed call.
struct Diagnosis {
    let reason: ConnectionFailure.Reason
    let message: String
    var blame: MutualTLSError.Blame = .peer
    var certificate: Certificate?

    init(
        _ error: OpenSSLError,
        record: HandshakeRecord,
        role: ConnectionRole,
        phase: ConnectionFailure.Phase,
        expectedName: ServerName?
    ) {
        let peer = role == .server ? "client" : "server"
        if let fault = record.localFault {
            (reason, message, blame) = Diagnosis.explain(fault)
        } else if phase == .handshake, case .refused(let refusal) = record.verification {
            reason = ConnectionFailure.Reason(refusal.reason)
            message = refusal.message(peer: peer, expectedName: expectedName)
            certificate = refusal.certificate
        } else if let alert = record.alertReceived {
            reason = .peerAlert
            certificate = record.hasSentCertificate ? record.localIdentity?.certificate : nil
            message = Diagnosis.explain(alert, peer: peer, presented: certificate, record: record)
        } else {
            (reason, message, blame) = Diagnosis.explain(error, peer: peer, record: record)
        }
    }

    private static func explain(
        _ fault: ConnectionFailure.LocalFault
    ) -> (ConnectionFailure.Reason, String, MutualTLSError.Blame) {
        switch fault {
        case .unrecognizedName(let name):
            let message =
                "The client asked for \"\(EscapedText(name))\", and this strict server has no identity for it. "
                + "Add it to identitiesByName, or let the client ask for a known name."
            return (.unrecognizedName, message, .peer)
        case .noCommonProtocol(let names):
            let message =
                "The client offers none of the application protocols \(names.joined(separator: ", ")) by ALPN. Let it offer "
                + "one of them, or add one of its own to applicationProtocols."
            return (.noCommonParameters, message, .peer)
        case .configuration(let message):
            return (.configuration, message, .configuration)
        case .protocolViolation(let message):
            return (.protocolError, message, .peer)
        }
    }

    private static func explain(
        _ alert: Alert,
        peer: String,
        presented: Certificate?,
        record: HandshakeRecord
    ) -> String {
        let refused = "The \(peer) refused the connection with alert \(alert)"
        switch alert {
        case .certificateRequired:
            return "\(refused): it requires a client certificate and got none. Give the client an identity"
                + (record.localIdentity == nil
                    ? "." : ", or look whether its issuer is among the names that the server accepts.")
        case .badCertificate, .unsupportedCertificate, .certificateRevoked, .certificateExpired, .certificateUnknown,
            .unknownCA, .decryptError:
            let shown = presented.map { "it was shown \($0), issued by \($0.issuer), valid until \($0.notAfter)" }
            return "\(refused): \(shown ?? "it was shown no certificate"). Look at the \(peer)'s log for its reason."
        default:
            return "\(refused). Look at the \(peer)'s log for its reason."
        }
    }

    private static func explain(
        _ error: OpenSSLError,
        peer: String,
        record: HandshakeRecord
    ) -> (ConnectionFailure.Reason, String, MutualTLSError.Blame) {
        switch error.cause {
        case .missingPeerCertificate:
            return (
                .noCertificate,
                "Expected a client certificate, found an empty Certificate message. Give the client an identity; if it "
                    + "has one, its issuer may not be among the names that this server sends.",
                .peer
            )
        case .badSignature:
            let shown = record.presented.first.map { " for \($0)" } ?? ""
            return (
                .badSignature,
                "The \(peer)'s signature\(shown) doesn't verify: it doesn't hold the key of that certificate.",
                .peer
            )
        case .badFinished:
            return (
                .protocolError,
                "The \(peer)'s Finished message doesn't verify: the handshake was altered on its way, or one of the two "
                    + "sides computes its keys wrongly.",
                .peer
            )
        case .endOfInput:
            return (
                .truncated,
                "The \(peer) ended the stream without close_notify. It may have refused without an alert, or was cut off.",
                .peer
            )
        case .noCommonParameters:
            return (.noCommonParameters, "The \(peer) and this side have nothing in common: \(error).", .peer)
        case .signer:
            return (
                .configuration,
                "This side's private key signs elsewhere, and no signature came from there: \(error). Look there for the "
                    + "reason.",
                .configuration
            )
        case .outOfMemory:
            return (.internalFault, "OpenSSL has no memory: \(error).", .openSSL)
        case .other:
            return (.protocolError, "What the \(peer) sent breaks the protocol, or isn't TLS: \(error).", .peer)
        }
    }
}

extension ConnectionFailure.Reason {
    init(_ refusal: PeerRefusal.Reason) {
        self =
            switch refusal {
            case .unknownAuthority: .unknownAuthority
            case .invalidAuthority: .invalidAuthority
            case .pathLength: .pathLength
            case .expired: .expired
            case .notYetValid: .notYetValid
            case .revoked: .revoked
            case .noRevocationInformation: .noRevocationInformation
            case .purpose: .purpose
            case .keyUsage: .keyUsage
            case .nameMismatch: .nameMismatch
            case .criticalExtension: .criticalExtension
            case .nameConstraint: .nameConstraint
            case .keyTooSmall: .keyTooSmall
            case .badCertificate: .badCertificate
            case .internalFault: .internalFault
            }
    }
}
