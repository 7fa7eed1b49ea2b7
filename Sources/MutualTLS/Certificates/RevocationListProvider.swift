public import Logging
internal import Synchronization

/// Something that has revocation lists: the same ones for good, or a manager that rotates them.
public protocol RevocationListProvider: Sendable {
    /// The lists for handshakes that begin now. Each handshake asks once, and keeps the answer to its end.
    var revocationLists: RevocationListSet { get }
}

extension RevocationListSet: RevocationListProvider {
    /// Itself, for good.
    public var revocationLists: RevocationListSet { self }
}

/// Holds revocation lists and rotates them while servers and clients use them.
///
/// A handshake takes the lists when the ClientHello is processed (servers) or sent (clients).
public final class RevocationListManager: RevocationListProvider {
    private let current: Mutex<RevocationListSet>
    private let logger: Logger?

    /// Starts with lists.
    public init(_ lists: [CertificateRevocationList], logger: Logger? = nil) {
        current = Mutex(RevocationListSet(lists))
        self.logger = logger
    }

    /// The lists that a handshake would take now.
    public var revocationLists: RevocationListSet { current.withLock { $0 } }

    /// Replaces all lists in one step.
    public func update(_ lists: [CertificateRevocationList]) {
        update(RevocationListSet(lists))
    }

    /// Replaces all lists in one step.
    public func update(_ set: RevocationListSet) {
        current.withLock { $0 = set }
        logger?.info("revocation lists updated", metadata: ["lists": "\(set.lists.count)"])
    }
}
