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

extension SSLContext {
    static func shared(
        _ role: SSLRole,
        from minimum: TLSVersion,
        to maximum: TLSVersion,
        securityLevel: Int?,
        exportsKeys: Bool,
        keepsSessions: Bool
    ) throws(MutualTLSError) -> SSLContext {
        guard minimum <= maximum else {
            throw MutualTLSError(
                .invalidVersionRange,
                "The lowest version, TLS \(minimum.rawValue), is above the highest, TLS \(maximum.rawValue). Swap them."
            )
        }
        guard (0...5).contains(securityLevel ?? 0) else {
            throw MutualTLSError(
                .invalidSecurityLevel,
                "Expected a security level of OpenSSL, from 0 to 5, found \(securityLevel ?? 0). Set nil for the platform's."
            )
        }
        do {
            return try SSLContextCache.shared.context(
                SSLContextSettings(
                    role: role,
                    minimumVersion: minimum.wireVersion,
                    maximumVersion: maximum.wireVersion,
                    securityLevel: securityLevel.map(Int32.init),
                    exportsKeys: exportsKeys,
                    keepsSessions: keepsSessions
                )
            )
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL could not make a context.", cause: error)
        }
    }

    func refuseUnusable(_ identity: Identity) throws(MutualTLSError) {
        do {
            try probe(identity.credential)
        } catch {
            throw MutualTLSError(
                .unusableIdentity,
                "OpenSSL refuses the identity \(identity): \(error). Issue it with a stronger key or signature.",
                cause: error
            )
        }
    }
}
