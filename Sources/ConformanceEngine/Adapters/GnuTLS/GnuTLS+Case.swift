internal import ConformanceModel
internal import GnuTLSPeer

extension GnuTLSCredential {
    /// - Parameter presentsFaults: whether a key that does not match is presented all the same, which GnuTLS by itself
    ///   refuses.
    init(_ credential: Credential, presentsFaults: Bool) {
        let fault: GnuTLSCredentialFault? =
            if credential.corruptsSignature {
                .corruptSignature
            } else if presentsFaults, !credential.hasMatchingKey {
                .mismatchedKey
            } else {
                nil
            }
        self.init(chain: credential.chain, privateKey: credential.privateKey, fault: fault)
    }
}

extension GnuTLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension GnuTLSClientAuth {
    init(_ mode: ClientAuthMode) {
        self =
            switch mode {
            case .noClientCert: .noClientCert
            case .requestClientCert: .requestClientCert
            case .requireAnyClientCert: .requireAnyClientCert
            case .verifyClientCertIfGiven: .verifyClientCertIfGiven
            case .requireAndVerifyClientCert: .requireAndVerifyClientCert
            }
    }
}

extension GnuTLSRevocation {
    init(_ mode: RevocationMode) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf
            case .chain: .chain
            }
    }
}

extension GnuTLSServerSettings.Sessions {
    init(_ settings: SessionSettings) {
        self = .on(
            lifetimeSeconds: Int(settings.lifetimeSeconds),
            ticketKey: settings.sharesTicketKeys ? SharedTicketSecret.bytes : nil
        )
    }
}
