internal import OpenSSL
internal import Synchronization

/// The contexts of the process, one for each kind.
///
/// Making one takes a third of a millisecond, most of what `resolve` takes. They can be shared because they hold
/// nothing of a server or client: identity, trust and policy are set on each connection, and sessions and
/// their keys are kept by the server or client.
final class SSLContextCache: Sendable {
    struct Key: Sendable, Hashable {
        let role: SSLRole
        let minimum: SSLProtocolVersion
        let maximum: SSLProtocolVersion
        let acceptsPinnedLeaves: Bool
        let securityLevel: Int32?
        let exportsKeys: Bool
        let keepsSessions: Bool
    }

    static let shared = SSLContextCache()

    private let contexts = Mutex<[Key: SSLContext]>([:])

    func context(_ key: Key) throws(OpenSSLError) -> SSLContext {
        if let known = contexts.withLock({ $0[key] }) { return known }
        // Made outside the lock: two threads may both make one, and the first to come back decides.
        let fresh = try SSLContext(
            role: key.role,
            minimumVersion: key.minimum,
            maximumVersion: key.maximum,
            acceptsPinnedLeaves: key.acceptsPinnedLeaves,
            securityLevel: key.securityLevel,
            exportsKeys: key.exportsKeys,
            keepsSessions: key.keepsSessions
        )
        return contexts.withLock { contexts in
            if let known = contexts[key] { return known }
            contexts[key] = fresh
            return fresh
        }
    }
}
