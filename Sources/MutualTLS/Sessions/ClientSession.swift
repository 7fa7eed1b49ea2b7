internal import OpenSSL

/// A session that a client may offer again, with what the full handshake behind it has shown.
struct ClientSession: Sendable, Hashable {
    let scope: SessionScope
    let session: EncodedSession
    let grant: SessionGrant
    /// When the server gave it.
    let receivedAt: Timestamp
    /// What the server sent in the full handshake, leaf first.
    let peerCertificates: [Certificate]
    /// The chain that was verified then; empty if the settings didn't verify.
    let verifiedChain: [Certificate]
    /// Whether this side presented its identity then.
    let hasSentCertificate: Bool

    /// A server gives several sessions of TLS 1.3, to be used once each.
    var isTLS13: Bool { session.isTLS13 }

    /// Whether it may be offered now.
    func isGood(at now: Timestamp, lifetime: Int64, mutant: LibraryMutant?) -> Bool {
        guard grant.isGood(at: now, lifetime: lifetime, mutant: mutant) else { return false }
        guard let age = now.seconds(since: receivedAt), age >= 0 else { return false }
        if mutant == .ignoreTicketLifetime { return true }
        // A server that says nothing leaves it to the client (RFC 5077 section 3.3).
        if session.lifetimeHint == 0 { return !isTLS13 }
        return age <= session.lifetimeHint
    }
}
