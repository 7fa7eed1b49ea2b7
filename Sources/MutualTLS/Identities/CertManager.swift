public import Logging
internal import Synchronization

/// Holds an identity and rotates it while servers and clients use it.
///
/// A handshake takes the identity when the ClientHello is processed (servers) or sent (clients). An update changes
/// what later handshakes take; established connections keep theirs and go on reporting it.
public final class CertManager: IdentityProvider {
    private let current: Mutex<Identity>
    private let logger: Logger?

    /// Starts with an identity.
    public init(_ identity: Identity, logger: Logger? = nil) {
        current = Mutex(identity)
        self.logger = logger
    }

    /// The identity that a handshake would take now. What a connection really uses is in its
    /// ``ConnectionInformation/localCertificate``.
    public var identity: Identity { current.withLock { $0 } }

    /// Replaces the identity, chain and key in one step.
    public func update(_ identity: Identity) {
        current.withLock { $0 = identity }
        logger?.info("identity updated", metadata: ["certificate": "\(identity)"])
    }
}
