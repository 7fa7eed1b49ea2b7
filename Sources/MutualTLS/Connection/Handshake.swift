internal import OpenSSL

/// One side's part in one handshake: the decisions that OpenSSL asks for, and their record.
protocol Handshake: SSLConnectionDelegate {
    var record: HandshakeRecord { get }
    var keyLog: (@Sendable (String) -> Void)? { get }

    var mutant: LibraryMutant? { get }
    /// Where the identity comes from, which only a mutant asks after the handshake has its snapshot.
    var identitySource: (any IdentityProvider)? { get }

    /// Sets up what must stand before the first byte.
    func prepare(_ connection: SSLConnection) throws(MutualTLSError)

    /// Whether a finished handshake kept what the settings promise; the text says what it broke.
    ///
    /// It asks again what the callbacks have already decided, so that a callback that was never called cannot let
    /// anybody in.
    func brokenPromise(of connection: SSLConnection) -> String?

    /// Notes that the handshake is finished and broke no promise.
    func finish(_ connection: SSLConnection)

    /// Notes that the connection has failed.
    func giveUp()
}

extension Handshake {
    func connection(_ connection: SSLConnection, noticed alert: SSLAlert) {
        record.notice(alert)
    }

    func connection(_ connection: SSLConnection, noticed message: SSLHandshakeMessage) {
        record.notice(message, isTLS13: connection.versionNumber == SSLProtocolVersion.tls13.rawValue)
    }

    func connection(_ connection: SSLConnection, logged line: String) {
        keyLog?(line)
    }

    /// The certificate that was really sent, on this connection or on that whose session it resumed.
    var localCertificate: Certificate? {
        guard record.hasSentCertificate || record.hasInheritedLocalCertificate else { return nil }
        return mutant == .reportCurrentIdentity
            ? identitySource?.identity.certificate
            : record.localIdentity?.certificate
    }

    /// Whether a peer counts as verified without a verified chain: never, but for a mutant.
    var claimsVerification: Bool {
        if mutant == .reportVerifiedOnResumption, case .inherited = record.verification { return true }
        return mutant == .reportVerifiedWithoutVerification && !record.presented.isEmpty
    }

    /// Whether this connection's verification accepted the very leaf that the finished handshake holds.
    func verifiedLeafIsPeer(of connection: SSLConnection) -> Bool {
        guard case .verified(let chain) = record.verification, let leaf = chain.first,
            let peer = connection.peerCertificate
        else {
            return false
        }
        return leaf.x509.sharedObject == peer.sharedObject || leaf.derBytes == peer.der
    }
}
