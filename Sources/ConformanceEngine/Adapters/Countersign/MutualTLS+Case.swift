internal import ConformanceModel
internal import MutualTLS

extension ClientAuth {
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

extension TLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension MutualTLS.PoolPolicy {
    init(_ policy: ConformanceModel.PoolPolicy) {
        self =
            switch policy {
            case .fixed: .fixedAtStart
            case .live: .live
            }
    }
}
