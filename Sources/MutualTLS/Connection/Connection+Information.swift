internal import OpenSSL

extension Connection {
    /// What is known about the connection now.
    public var information: ConnectionInformation {
        let record = handshake.record
        let chain = verifiedChain
        let hasParameters = hasFinishedHandshake || engine.cipherSuite != nil
        return ConnectionInformation(
            peerCertificates: record.presented,
            verifiedChain: chain,
            isPeerVerified: !chain.isEmpty || handshake.claimsVerification,
            localCertificate: handshake.localCertificate,
            sni: record.serverName,
            acceptableCANames: record.acceptableCANames,
            certificateRequested: record.certificateRequested,
            version: hasParameters ? TLSVersion(wireNumber: engine.versionNumber) : nil,
            cipherSuite: engine.cipherSuite,
            alertSent: record.alertSent,
            alertReceived: record.alertReceived,
            didResume: engine.didResume
        )
    }

    /// A chain counts only with a finished handshake, which proves that the peer holds the leaf's key.
    private var verifiedChain: [Certificate] {
        guard hasFinishedHandshake, case .verified(let chain) = handshake.record.verification else { return [] }
        return chain
    }
}
