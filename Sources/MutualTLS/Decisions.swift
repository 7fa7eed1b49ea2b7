package import OpenSSL

/// The decisions that a handshake's safety hangs on, gathered from the places that take them.
///
/// Servers and clients ask here where a wrong answer would let somebody in, keep somebody out, or say something untrue,
/// so that an auditor finds all of these places by their name. ``StandardDecisions`` has the answers.
package protocol DecisionMaking: Sendable {
    /// The demand of a server on its clients: that of the settings.
    func clientAuth(_ configured: ClientAuth) -> ClientAuth

    /// The name that an identity is looked up by: the one that the client sent, in lower case.
    func nameToLookUp(_ sent: String?) -> DNSNameKey?

    /// The verdict on a peer's certificates: that of the verifier.
    func verdict(
        _ found: PeerVerifier.Verdict,
        on presented: [Certificate],
        for purpose: Purpose,
        expecting name: ServerName?
    ) -> PeerVerifier.Verdict

    /// The code of OpenSSL that gives the alert for a refusal.
    func alertSource(for reason: PeerRefusal.Reason) -> VerificationError

    /// Whether a peer is told by an alert why its connection failed: always.
    var sendsAlerts: Bool { get }

    /// Whether a session belongs to what this setting was in its full handshake: to every one that decides about trust.
    func bindsSessions(to setting: TrustSetting) -> Bool

    /// Until when a session may be resumed: until something that was verified for it may have ceased to be true.
    func sessionEnd(_ end: Timestamp) -> Timestamp

    /// Whether a server looks at the promises of a resumed handshake once more: always.
    var checksResumedHandshakes: Bool { get }

    /// The answers for one connection that is being made, whose identity comes from the provider.
    func forConnection(presenting provider: (any IdentityProvider)?) -> Decisions

    /// The identity that is presented: that of the connection's snapshot.
    func presented(_ identity: Identity) throws(MutualTLSError) -> Identity

    /// Whether an established connection ends when its identity was rotated meanwhile: never.
    func endsEstablished(presenting identity: Identity?) -> Bool

    /// The report of a connection: the facts noticed on it.
    func reported(_ information: ConnectionInformation) -> ConnectionInformation
}

/// The library's answers. There is nothing in it that could be set.
package struct StandardDecisions: DecisionMaking {
    package init() {}

    package func clientAuth(_ configured: ClientAuth) -> ClientAuth { configured }

    package func nameToLookUp(_ sent: String?) -> DNSNameKey? { sent.map { DNSNameKey(host: $0) } }

    package func verdict(
        _ found: PeerVerifier.Verdict,
        on presented: [Certificate],
        for purpose: Purpose,
        expecting name: ServerName?
    ) -> PeerVerifier.Verdict {
        found
    }

    package func alertSource(for reason: PeerRefusal.Reason) -> VerificationError { reason.alertSource }

    package var sendsAlerts: Bool { true }

    package func bindsSessions(to setting: TrustSetting) -> Bool { true }

    package func sessionEnd(_ end: Timestamp) -> Timestamp { end }

    package var checksResumedHandshakes: Bool { true }

    package func forConnection(presenting provider: (any IdentityProvider)?) -> Decisions { self }

    package func presented(_ identity: Identity) throws(MutualTLSError) -> Identity { identity }

    package func endsEstablished(presenting identity: Identity?) -> Bool { false }

    package func reported(_ information: ConnectionInformation) -> ConnectionInformation { information }
}

#if Selftest
/// Any answers, in the build that proves that wrong ones are noticed.
package typealias Decisions = any DecisionMaking
#else
/// The library's answers: a type without state, so that nothing can change them while a program runs.
package typealias Decisions = StandardDecisions
#endif
