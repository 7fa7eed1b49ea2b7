public import Logging
internal import OpenSSL
internal import Synchronization

/// Whether verified certificates are looked up in revocation lists.
///
/// Where a list is asked for, a missing or stale one refuses the certificate, with certificate_unknown (46): the
/// certificate itself may be good, and certificate_expired or unknown_ca would send people after the wrong cause.
/// A revoked certificate is refused with certificate_revoked (44). Go's crypto/tls never looks.
///
/// A pinned leaf has no issuer in its chain that could vouch for a list, and is refused unless revocation is off.
public struct RevocationPolicy: Sendable {
    enum Scope: Sendable {
        case off
        case leaf
        case chain
    }

    let scope: Scope
    private let provider: any RevocationListProvider

    private init(_ scope: Scope, _ provider: any RevocationListProvider) {
        self.scope = scope
        self.provider = provider
    }

    /// The lists that a handshake would look into now.
    public var lists: [CertificateRevocationList] { provider.revocationLists.lists }

    /// Nothing is looked up.
    public static let off = RevocationPolicy(.off, RevocationListSet([]))

    /// The leaf is looked up: its issuer's list must be among these.
    public static func leaf(_ lists: [CertificateRevocationList]) -> RevocationPolicy {
        .leaf(from: RevocationListSet(lists))
    }

    /// The leaf is looked up in the lists that the provider has when the handshake begins.
    public static func leaf(from provider: any RevocationListProvider) -> RevocationPolicy {
        RevocationPolicy(.leaf, provider)
    }

    /// Every certificate of the chain is looked up, the anchor too: a list of each issuer must be among these.
    public static func chain(_ lists: [CertificateRevocationList]) -> RevocationPolicy {
        .chain(from: RevocationListSet(lists))
    }

    /// Every certificate of the chain is looked up in the lists that the provider has when the handshake begins.
    public static func chain(from provider: any RevocationListProvider) -> RevocationPolicy {
        RevocationPolicy(.chain, provider)
    }

    /// The sources that a handshake reads when it begins now.
    var snapshot: RevocationSnapshot { RevocationSnapshot(scope: scope, set: provider.revocationLists) }
}

/// The sources that one handshake reads.
struct RevocationSnapshot: Sendable {
    let scope: RevocationPolicy.Scope
    let set: RevocationListSet

    var check: RevocationCheck {
        switch scope {
        case .off: .none
        case .leaf: .leaf(set.stack)
        case .chain: .chain(set.stack)
        }
    }
}

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
