internal import MutualTLS
internal import MutualTLSFiles

/// Compares a finished handshake with what the runner's flags expect of it.
struct HandshakeExpectations {
    let flags: ShimFlags
    let isResumption: Bool

    func check(_ information: ConnectionInformation) throws(ShimFailure) {
        let resumes = isResumption && !flags.expectsSessionMiss
        try expect(information.didResume == resumes, "the session was\(resumes ? " not" : "") resumed")
        if let version = flags.expectedVersion {
            try expect(information.version == version, "expected TLS \(version.rawValue)")
        }
        if let name = flags.expectedServerName {
            try expect(information.sni == name, "expected the server name \(name), got \(information.sni ?? "none")")
        }
        // A resumed handshake has no CertificateRequest in it.
        if let names = flags.expectedClientCANames, !information.didResume {
            try expect(information.acceptableCANames == names, "the names of the CertificateRequest differ")
        }
        try checkPeer(information)
    }

    private func checkPeer(_ information: ConnectionInformation) throws(ShimFailure) {
        let mustHavePeer = !flags.isServer || flags.requiresAnyClientCertificate
        try expect(!mustHavePeer || !information.peerCertificates.isEmpty, "the peer presented no certificate")
        if flags.expectsVerifyResult, flags.verifiesPeer, flags.trustCert != nil {
            try expect(
                information.peerCertificates.isEmpty || information.isPeerVerified,
                "the peer's certificate was not verified"
            )
        }
        guard let file = flags.expectedPeerCertFile else { return }
        let expected = try certificates(of: file)
        // A server's ticket holds the client's leaf alone.
        let isLeafAlone = flags.isServer && information.didResume
        try expect(
            information.peerCertificates == (isLeafAlone ? Array(expected.prefix(1)) : expected),
            "the peer presented \(information.peerCertificates), expected those of \(file)"
        )
    }

    private func certificates(of file: String) throws(ShimFailure) -> [Certificate] {
        do {
            return try CertificatePoolFiles(file).load().certificates
        } catch {
            throw ShimFailure("\(error)")
        }
    }

    private func expect(_ holds: Bool, _ otherwise: String) throws(ShimFailure) {
        guard holds else { throw ShimFailure(otherwise) }
    }
}
