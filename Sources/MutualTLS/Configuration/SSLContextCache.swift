internal import OpenSSL
internal import Synchronization

/// The contexts of the process, one for each kind.
///
/// Making one takes a third of a millisecond, most of what `resolve` takes. They can be shared because they hold
/// nothing of a server or client: identity, trust and policy are set on each connection, and sessions and
/// their keys are kept by the server or client.
final class SSLContextCache: Sendable {
    static let shared = SSLContextCache()

    private let contexts = Mutex<[SSLContextSettings: SSLContext]>([:])

    func context(_ settings: SSLContextSettings) throws(OpenSSLError) -> SSLContext {
        if let known = contexts.withLock({ $0[settings] }) { return known }
        // Made outside the lock: two threads may both make one, and the first to come back decides.
        let fresh = try SSLContext(settings)
        return contexts.withLock { contexts in
            if let known = contexts[settings] { return known }
            contexts[settings] = fresh
            return fresh
        }
    }
}
