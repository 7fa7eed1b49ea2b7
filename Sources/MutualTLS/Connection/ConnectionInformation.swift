internal import OpenSSL

/// Information about a connection, as a value of one moment.
public struct ConnectionInformation: Sendable, Hashable {
    /// The peer's certificates as they were sent, leaf first; empty if none came.
    ///
    /// On a resumed connection they are those of the full handshake: on a client all of them, on a server the leaf
    /// alone, since a ticket holds no more.
    ///
    /// Without ``isPeerVerified`` they are a claim. Before ``ConnectionState/established`` it isn't even proven that
    /// the peer holds the leaf's key.
    public var peerCertificates: [Certificate]
    /// The chain from the peer's leaf to the anchor that vouches for it; empty unless ``isPeerVerified``. A pinned
    /// leaf is its own anchor: one certificate.
    ///
    /// On a resumed connection it is the chain of the full handshake.
    public var verifiedChain: [Certificate]
    /// How many certificates the verified chain has, its anchor included; 0 unless ``isPeerVerified``.
    public var verifiedChainLength: Int
    /// Whether a verification accepted the peer's certificate, and the handshake was finished.
    ///
    /// It is this connection's own, or on a resumed one that of the full handshake, under the same policy.
    public var isPeerVerified: Bool
    /// The certificate that this side really sent on this connection, whatever was rotated in since; or nil.
    ///
    /// On a resumed connection it is the one that the full handshake showed: what the peer believes in.
    public var localCertificate: Certificate?
    /// The host name of the server_name extension (RFC 6066 section 3): as sent, on a client; verbatim as received,
    /// on a server.
    public var sni: String?
    /// On a client: the names in the server's CertificateRequest. A resumed connection has none.
    public var acceptableCANames: [DistinguishedName]
    /// Whether the server sent a CertificateRequest.
    public var certificateRequested: Bool
    /// The negotiated version, or nil before there is one.
    public var version: TLSVersion?
    /// The negotiated cipher suite as IANA names it, or nil before there is one.
    public var cipherSuite: String?
    /// The protocol that both sides agreed on by ALPN (RFC 7301), for example `h2`; nil where one of them has none.
    public var applicationProtocol: String?
    /// The fatal alert that was sent.
    public var alertSent: Alert?
    /// The fatal alert that was received.
    public var alertReceived: Alert?
    /// Whether the session came from an earlier connection, so that no certificate was shown on this one.
    ///
    /// Without a session policy in the settings it never does.
    public var didResume: Bool
}

extension Connection {
    /// Information about the connection as it is now.
    public var information: ConnectionInformation {
        let record = handshake.record
        let (chain, chainLength) = verified
        let hasParameters = hasFinishedHandshake || engine.cipherSuite != nil
        let information = ConnectionInformation(
            peerCertificates: record.presented,
            verifiedChain: chain,
            verifiedChainLength: chainLength,
            isPeerVerified: chainLength > 0,
            localCertificate: handshake.localCertificate,
            sni: record.serverName,
            acceptableCANames: record.acceptableCANames,
            certificateRequested: record.certificateRequested,
            version: hasParameters ? TLSVersion(wireNumber: engine.versionNumber) : nil,
            cipherSuite: engine.cipherSuite,
            applicationProtocol: engine.applicationProtocol.map { String(decoding: $0, as: UTF8.self) },
            alertSent: record.alertSent,
            alertReceived: record.alertReceived,
            didResume: engine.didResume
        )
        return handshake.decisions.reported(information)
    }

    /// On a client that has started: its scope, as ``MutualTLSClient/scope()`` tells of one that starts now.
    package var clientScope: [UInt8]? {
        guard let snapshot = (handshake as? ClientHandshake)?.snapshot else { return nil }
        return snapshot.scope.bytes
    }

    /// On a client: whether the server has accepted the connection, as far as what came from it tells.
    ///
    /// A TLS 1.3 server judges the client's certificate after the client's handshake is over (RFC 8446 section 2).
    /// Later bytes of the server prove that it did: application data, close_notify, or a session ticket, for which it
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

/// Where a connection stands.
public enum ConnectionState: String, Sendable, Hashable, CaseIterable, Codable {
    /// No application data flows yet.
    case handshaking
    /// The handshake is finished and kept what the settings promise.
    ///
    /// A TLS 1.3 client gets here before the server has judged its certificate: a refusal then comes with the first
    /// read. Only bytes from the server, or its close_notify, say that it was accepted.
    case established
    /// One side has sent close_notify. If it was the peer, this side may still send.
    case closed
    /// It ended with a ``ConnectionFailure``.
    case failed
}

/// Which end of a connection this is.
public enum ConnectionRole: String, Sendable, Hashable, Codable {
    /// The end that waits for a ClientHello.
    case server
    /// The end that sends it.
    case client
}

/// Something that happened on a connection, in the order of its happening.
public enum ConnectionEvent: Sendable, Hashable {
    /// A server has processed the ClientHello: identity and policy of this handshake are fixed now.
    case clientHelloProcessed
    /// The handshake is finished; see ``ConnectionState/established`` for what that means to a TLS 1.3 client.
    case established
    /// Application data waits to be taken.
    case applicationData
    /// An alert was put into the output. close_notify isn't told here.
    case alertSent(Alert)
    /// An alert came in. close_notify isn't told here.
    case alertReceived(Alert)
    /// The peer has sent close_notify: no more application data will come.
    case peerClosed
    /// The connection failed; ``Connection/failure`` says why.
    case failed
}
