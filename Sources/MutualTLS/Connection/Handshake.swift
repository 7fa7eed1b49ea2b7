internal import OpenSSL

/// One side's part in one handshake: the decisions that OpenSSL asks for, and their record.
protocol Handshake: SSLConnectionDelegate {
    var record: HandshakeRecord { get }
    var keyLog: (@Sendable (String) -> Void)? { get }
    var decisions: Decisions { get }

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
        return record.localIdentity?.certificate
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

/// Events of a connection, noticed from within OpenSSL's callbacks.
final class HandshakeRecord {
    var events: [ConnectionEvent] = []
    var alertSent: Alert?
    var alertReceived: Alert?
    /// The certificates of the peer, as sent; nothing is proven about them.
    var presented: [Certificate] = []
    var verification: Verification = .notRun
    var certificateRequested = false
    /// A fault of a request in a TLS 1.3 handshake.
    var requestFault: CertificateRequestMessage.Fault?
    var hasReceivedSessionTicket = false
    var localIdentity: Identity?
    /// Whether the local Certificate message carried `localIdentity`, as read from the message itself.
    var hasSentCertificate = false
    /// Whether the session that was resumed was made with `localIdentity` in the local Certificate message.
    var hasInheritedLocalCertificate = false
    var serverName: String?
    var acceptableCANames: [DistinguishedName] = []
    /// A fault that made a callback refuse to go on.
    var localFault: ConnectionFailure.LocalFault?

    enum Verification {
        /// Nothing was verified: no certificate came, or the mode doesn't verify.
        case notRun
        /// This connection's own verification said yes.
        case verified(chain: [Certificate])
        /// That of the full handshake whose session was resumed said yes.
        case inherited(chain: [Certificate], length: Int)
        case refused(PeerRefusal)
    }

    func notice(_ alert: SSLAlert) {
        let value = Alert(rawValue: alert.code)
        // close_notify is the end of the data and no error (RFC 8446 section 6.1).
        guard value != .closeNotify else { return }
        if alert.isOutgoing {
            if alert.isFatal { alertSent = value }
            events.append(.alertSent(value))
        } else {
            if alert.isFatal { alertReceived = value }
            events.append(.alertReceived(value))
        }
    }

    func notice(_ message: SSLHandshakeMessage, isTLS13: Bool) {
        switch message.type {
        case SSLHandshakeMessage.certificateRequest:
            certificateRequested = true
            requestFault = isTLS13 && !message.isOutgoing ? CertificateRequestMessage.fault(of: message.bytes) : nil
        case SSLHandshakeMessage.newSessionTicket where !message.isOutgoing:
            hasReceivedSessionTicket = true
        case SSLHandshakeMessage.certificate where message.isOutgoing:
            hasSentCertificate = !CertificateMessage.isEmpty(message.bytes, isTLS13: isTLS13)
        default:
            break
        }
    }
}

/// The body of a CertificateRequest message of TLS 1.3 (RFC 8446 section 4.3.2), in which libssl overlooks faults.
enum CertificateRequestMessage {
    enum Fault: Sendable {
        /// certificate_request_context has bytes, which it has only after a handshake.
        case context
        /// The certificate_authorities extension has no name, where at least one must stand (section 4.2.4).
        case noAuthorities

        var alert: Alert {
            switch self {
            case .context: .illegalParameter
            case .noAuthorities: .decodeError
            }
        }

        var message: String {
            switch self {
            case .context:
                "The server's CertificateRequest has a context. Expected none in a handshake (RFC 8446 section 4.3.2)."
            case .noAuthorities:
                "The server's certificate_authorities extension is empty. Expected at least one name, or no extension "
                    + "(RFC 8446 section 4.2.4)."
            }
        }
    }

    /// - Parameter bytes: with the four bytes of message header.
    static func fault(of bytes: [UInt8]) -> Fault? {
        guard bytes.count > 4 else { return nil }
        if bytes[4] > 0 { return .context }
        // The context's length in one byte, that of the extensions in two.
        var rest = bytes.dropFirst(7)
        while rest.count >= 4 {
            let header = rest.prefix(4).map(Int.init)
            rest = rest.dropFirst(4)
            if header[0] << 8 | header[1] == certificateAuthorities, Array(rest.prefix(2)) == [0, 0] {
                return .noAuthorities
            }
            rest = rest.dropFirst(header[2] << 8 | header[3])
        }
        return nil
    }

    /// IANA, TLS ExtensionType Values.
    private static let certificateAuthorities = 47
}

/// The body of a Certificate message (RFC 8446 section 4.4.2, RFC 5246 section 7.4.2).
enum CertificateMessage {
    /// Whether the list of certificates is empty: how a client says that it has none to present.
    static func isEmpty(_ bytes: [UInt8], isTLS13: Bool) -> Bool {
        // Four bytes of message header; in TLS 1.3 then the request context with its length in one byte.
        var start = 4
        if isTLS13 {
            guard bytes.count > start else { return true }
            start += 1 + Int(bytes[start])
        }
        guard bytes.count >= start + 3 else { return true }
        return bytes[start..<(start + 3)].allSatisfy { $0 == 0 }
    }
}
