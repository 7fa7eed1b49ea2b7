/// Everything of a server's settings that may rotate, at the moment when a ClientHello is processed.
///
/// A class, since a handshake looks at it a dozen times, and each copy of a struct would count all that is in it.
final class ServerSnapshot: Sendable {
    let identity: Identity
    let policy: ClientPolicy
    let revocation: RevocationSnapshot

    init(identity: Identity, policy: ClientPolicy, revocation: RevocationSnapshot) {
        self.identity = identity
        self.policy = policy
        self.revocation = revocation
    }
}
