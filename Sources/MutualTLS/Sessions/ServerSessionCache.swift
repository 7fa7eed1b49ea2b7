internal import OpenSSL
internal import Synchronization

/// The sessions of TLS 1.3 that one server keeps, under the names that its clients were given as tickets.
///
/// Whether a session may be resumed isn't decided here: its scope and its times are looked at each time it is named, as
/// those of a ticket that holds its session.
final class ServerSessionCache: Sendable {
    fileprivate struct Kept {
        let session: SSLSession
        let size: Int
        let keptAt: Timestamp
    }

    fileprivate struct State {
        var sessions: [[UInt8]: Kept] = [:]
        /// The names in the order in which they came; those before `oldest` have gone.
        var names: [[UInt8]] = []
        var oldest = 0
        /// The sum of what is kept.
        var size = 0
    }

    private let capacity: Int
    /// How many bytes of certificates are kept at most, so that chains of many can't take more memory than planned.
    private let largestSize: Int
    private let lifetime: Int64
    private let state = Mutex(State())

    /// - Parameter lifetime: of a session, in seconds.
    init(capacity: Int, lifetime: Int64) {
        self.capacity = capacity
        largestSize = capacity * 4_096
        self.lifetime = lifetime
    }

    /// Keeps a session in place of the oldest ones, or is false if it doesn't fit at all.
    ///
    /// - Parameter size: the bytes of its certificates.
    func keep(_ session: SSLSession, named name: [UInt8], ofSize size: Int, at now: Timestamp) -> Bool {
        guard size <= largestSize else { return false }
        return state.withLock { state in
            guard state.sessions[name] == nil else { return false }
            while let oldest = state.first,
                state.sessions.count >= capacity || state.size + size > largestSize
                    || oldest.isPast(at: now, lifetime: lifetime)
            {
                state.removeFirst()
            }
            state.sessions[name] = Kept(session: session, size: size, keptAt: now)
            state.names.append(name)
            state.size += size
            return true
        }
    }

    /// The session of that name, which stays: a client may have to name it again after a connection that broke.
    func session(named name: [UInt8]) -> SSLSession? {
        state.withLock { $0.sessions[name]?.session }
    }

    /// How many are kept.
    var count: Int { state.withLock { $0.sessions.count } }
}

extension ServerSessionCache.State {
    fileprivate var first: ServerSessionCache.Kept? {
        oldest < names.count ? sessions[names[oldest]] : nil
    }

    fileprivate mutating func removeFirst() {
        if let gone = sessions.removeValue(forKey: names[oldest]) { size -= gone.size }
        oldest += 1
        // Moving the rest costs as much as has gone since the last time.
        if oldest > names.count / 2 {
            names.removeFirst(oldest)
            oldest = 0
        }
    }
}

extension ServerSessionCache.Kept {
    /// Whether no session that was kept then can be resumed any more.
    fileprivate func isPast(at now: Timestamp, lifetime: Int64) -> Bool {
        guard let age = now.seconds(since: keptAt) else { return true }
        return age > lifetime
    }
}
