internal import OpenSSL

extension Connection {
    /// What is known about the connection now.
    public var information: ConnectionInformation {
        let record = handshake.record
        let (chain, chainLength) = verified
        let hasParameters = hasFinishedHandshake || engine.cipherSuite != nil
        return ConnectionInformation(
            peerCertificates: record.presented,
            verifiedChain: chain,
            verifiedChainLength: chainLength,
            isPeerVerified: chainLength > 0 || handshake.claimsVerification,
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

    /// On a client: whether the server has accepted the connection, as far as what came from it tells.
    ///
    /// A TLS 1.3 server judges the client's certificate after the client's handshake is over (RFC 8446 section 2).
    /// What it sends after that says that it did: application data, close_notify, or a session ticket, for which it
    /// needs the client's Finished message (section 4.6.1). A server that asked for no certificate has none to judge.
    package var isConfirmedByServer: Bool {
        guard role == .client, failure == nil, hasFinishedHandshake else { return false }
        let record = handshake.record
        return information.version == .tls12 || !record.certificateRequested || record.hasReceivedSessionTicket
            || hasReceivedApplicationData || isPeerClosed
    }

    /// A chain counts only with a finished handshake, which proves that the peer holds the leaf's key.
    private var verified: (chain: [Certificate], length: Int) {
        guard hasFinishedHandshake else { return ([], 0) }
        return switch handshake.record.verification {
        case .verified(let chain): (chain, chain.count)
        case .inherited(let chain, let length): (chain, length)
        case .notRun, .refused: ([], 0)
        }
    }
}
