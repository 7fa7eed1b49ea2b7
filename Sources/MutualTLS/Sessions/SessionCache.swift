internal import Synchronization

/// The sessions that one client may offer, the newest last.
final class SessionCache: Sendable {
    private struct State {
        var sessions: [ClientSession] = []
        /// That of the connection that started last: the client's settings as they are now.
        var scope: SessionScope?
    }

    let lifetime: Int64
    private let capacity: Int
    private let mutant: LibraryMutant?
    private let state = Mutex(State())

    /// Nil for a policy that is off.
    init?(_ policy: ClientSessionPolicy, mutant: LibraryMutant?) throws(MutualTLSError) {
        guard let scoped = policy.scoped else { return nil }
        lifetime = try sessionLifetime(scoped.lifetime)
        guard (1...1024).contains(scoped.capacity) else {
            throw MutualTLSError(
                .invalidSessionPolicy,
                "Expected room for 1 to 1024 sessions, found \(scoped.capacity)."
            )
        }
        capacity = scoped.capacity
        self.mutant = mutant
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
            state.sessions.removeAll { !$0.isGood(at: now, lifetime: lifetime, mutant: mutant) }
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
