internal import OpenSSL
internal import Synchronization

/// Whether a client offers sessions of earlier connections to its server (RFC 5077, RFC 8446 section 2.2).
///
/// A session is offered only if nothing has changed since its full handshake: server name and SNI, identity, root CAs,
/// revocation lists and options. A change, for example by ``CertManager/update(_:)``, drops the sessions from before.
public struct ClientSessionPolicy: Sendable {
    /// The arguments of `.scoped`.
    package struct Scoped: Sendable {
        package let lifetime: Duration
        package let capacity: Int
    }

    package let scoped: Scoped?

    /// Every connection has a full handshake.
    public static let off = ClientSessionPolicy(scoped: nil)

    /// Sessions are kept in memory by the client that was resolved from the settings.
    ///
    /// - Parameters:
    ///   - lifetime: how long after its full handshake a session is offered, in whole seconds, from one second to
    ///     seven days (RFC 8446 section 4.6.1); the server's own hint may shorten it.
    ///   - capacity: how many sessions are kept at most, from 1 to 1024. The oldest goes first.
    public static func scoped(lifetime: Duration = .seconds(3_600), capacity: Int = 32) -> ClientSessionPolicy {
        ClientSessionPolicy(scoped: Scoped(lifetime: lifetime, capacity: capacity))
    }
}

/// The sessions that one client may offer, the newest last.
final class SessionCache: Sendable {
    private struct State {
        var sessions: [ClientSession] = []
        /// That of the connection that started last: the client's settings as they are now.
        var scope: SessionScope?
    }

    let lifetime: Int64
    private let capacity: Int
    private let state = Mutex(State())

    /// Nil for a policy that is off.
    init?(_ policy: ClientSessionPolicy) throws(MutualTLSError) {
        guard let scoped = policy.scoped else { return nil }
        lifetime = try sessionLifetime(scoped.lifetime)
        guard (1...1024).contains(scoped.capacity) else {
            throw MutualTLSError(
                .invalidSessionPolicy,
                "Expected room for 1 to 1024 sessions, found \(scoped.capacity)."
            )
        }
        capacity = scoped.capacity
    }

    /// Says under which scope connections start now; the sessions of the one before are dropped with the change.
    func enter(_ scope: SessionScope) {
        state.withLock { state in
            guard state.scope != scope else { return }
            state.sessions.removeAll { $0.scope == state.scope }
            state.scope = scope
        }
    }

    /// The newest session to offer under the scope. One of TLS 1.3 is given out once (RFC 8446 appendix C.4).
    func session(for scope: SessionScope, at now: Timestamp) -> ClientSession? {
        state.withLock { state in
            state.sessions.removeAll { !$0.isGood(at: now, lifetime: lifetime) }
            guard let index = state.sessions.lastIndex(where: { $0.scope == scope }) else { return nil }
            return state.sessions[index].isTLS13 ? state.sessions.remove(at: index) : state.sessions[index]
        }
    }

    /// Keeps a session, unless the settings have changed since its connection started.
    func store(_ session: ClientSession) {
        state.withLock { state in
            guard state.scope == session.scope else { return }
            if !session.isTLS13 {
                state.sessions.removeAll { !$0.isTLS13 && $0.scope == session.scope }
            }
            state.sessions.append(session)
            state.sessions.removeFirst(max(0, state.sessions.count - capacity))
        }
    }

    /// Forgets a session that its server didn't resume, or that a failed handshake had offered.
    func remove(_ session: ClientSession) {
        state.withLock { $0.sessions.removeAll { $0 == session } }
    }

    /// All of them, the newest last.
    var all: [ClientSession] { state.withLock { $0.sessions } }

    /// Adds sessions from elsewhere, older than those that are here.
    func add(_ sessions: [ClientSession]) {
        state.withLock { state in
            let known = Set(state.sessions)
            state.sessions = sessions.filter { !known.contains($0) } + state.sessions
            state.sessions.removeFirst(max(0, state.sessions.count - capacity))
        }
    }
}

/// A session that a client may offer again, with what the full handshake behind it has shown.
struct ClientSession: Sendable, Hashable {
    let scope: SessionScope
    let session: SSLSession
    let grant: SessionGrant
    /// When the server gave it.
    let receivedAt: Timestamp
    /// The certificates that the server sent in the full handshake, leaf first.
    let peerCertificates: [Certificate]
    /// The chain that was verified then; empty if the settings didn't verify.
    let verifiedChain: [Certificate]
    /// Whether this side presented its identity then.
    let hasSentCertificate: Bool

    /// A server gives several sessions of TLS 1.3, to be used once each.
    var isTLS13: Bool { session.isTLS13 }

    /// Whether it may be offered now.
    func isGood(at now: Timestamp, lifetime: Int64) -> Bool {
        guard grant.isGood(at: now, lifetime: lifetime) else { return false }
        guard let age = now.seconds(since: receivedAt), age >= 0 else { return false }
        // A server that says nothing leaves it to the client (RFC 5077 section 3.3).
        if session.lifetimeHint == 0 { return !isTLS13 }
        return age <= session.lifetimeHint
    }
}
