/// Why a connection failed: who can put it right, when it showed, and what to do next.
public struct ConnectionFailure: Error, Sendable {
    /// When a failure showed.
    public enum Phase: String, Sendable, Hashable, Codable {
        /// Before the handshake was finished on this side.
        case handshake
        /// Afterwards. A TLS 1.3 client learns only here that its certificate was refused.
        case read
    }

    /// The party that can put it right.
    public let blame: MutualTLSError.Blame
    /// When it showed.
    public let phase: Phase
    /// Which failure this is, for programs.
    public let reason: Reason
    /// The expectation, the finding and the next step, for people.
    public let message: String
    /// The certificate that the failure is about, if it is about one.
    public let certificate: Certificate?
    /// The fatal alert that was sent. It waits in the output to be flushed.
    public let alertSent: Alert?
    /// The fatal alert that was received.
    public let alertReceived: Alert?

    /// Makes a failure: for a transport too, which sees what the sans-I/O connection can't.
    package init(
        blame: MutualTLSError.Blame,
        phase: Phase,
        reason: Reason,
        message: String,
        certificate: Certificate?,
        alertSent: Alert?,
        alertReceived: Alert?
    ) {
        self.blame = blame
        self.phase = phase
        self.reason = reason
        self.message = message
        self.certificate = certificate
        self.alertSent = alertSent
        self.alertReceived = alertReceived
    }
}

extension ConnectionFailure {
    /// The kinds of failure.
    public enum Reason: String, Sendable, Hashable, CaseIterable, Codable {
        /// No chain leads from the peer's certificate to a trusted one.
        case unknownAuthority
        /// A certificate of the chain must not sign others: no CA, or its path length is exceeded.
        case invalidAuthority
        /// More intermediates stand below an authority than its path length allows.
        case pathLength
        /// A certificate of the chain has expired.
        case expired
        /// A certificate of the chain isn't valid yet.
        case notYetValid
        /// A certificate of the chain is revoked.
        case revoked
        /// A revocation list is missing, stale or not acceptable.
        case noRevocationInformation
        /// The extended key usages don't allow this role.
        case purpose
        /// The key usage of the leaf doesn't allow a handshake.
        case keyUsage
        /// The server's certificate is for other names.
        case nameMismatch
        /// A critical extension is unknown.
        case criticalExtension
        /// A name violates the name constraints of an authority.
        case nameConstraint
        /// A key or digest is weaker than the platform's security level allows.
        case keyTooSmall
        /// A certificate is unacceptable in another way.
        case badCertificate
        /// A required client certificate didn't come.
        case noCertificate
        /// The peer doesn't prove that it holds its certificate's key.
        case badSignature
        /// The client asked for a name that a strict server doesn't know.
        case unrecognizedName
        /// No common version, cipher suite, group or signature algorithm.
        case noCommonParameters
        /// The peer broke the protocol, or what came isn't TLS.
        case protocolError
        /// The peer refused the connection with an alert.
        case peerAlert
        /// The stream ended without close_notify.
        case truncated
        /// The peer speaks another protocol than TLS, for example plain HTTP. Told by transports only.
        case notTLS
        /// The handshake wasn't finished in time. Told by transports only.
        case timedOut
        /// The transport under the connection failed, for example by a reset. Told by transports only.
        case transport
        /// The settings of this side can't serve the connection.
        case configuration
        /// This side has a fault: the handshake ended without what the settings promise, or OpenSSL failed.
        case internalFault
    }

    /// A fault that was noticed in a callback.
    enum LocalFault {
        case unrecognizedName(String)
        /// The client offers application protocols, and none of these.
        case noCommonProtocol([String])
        case configuration(String)
        /// The peer's message breaks the protocol in a way that libssl overlooks.
        case protocolViolation(String)
    }
}

extension ConnectionFailure: CustomStringConvertible {
    /// The message, with the alerts behind it.
    public var description: String {
        let alerts = [
            alertSent.map { "sent alert \($0)" }, alertReceived.map { "received alert \($0)" },
        ].compactMap { $0 }
        return alerts.isEmpty ? message : "\(message) [\(alerts.joined(separator: ", "))]"
    }
}
