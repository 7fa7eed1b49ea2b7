/// Everything of a server's settings that may rotate, at the moment when a ClientHello is processed.
struct ServerSnapshot: Sendable {
    let identity: Identity
    let policy: ClientPolicy
    let revocation: RevocationSnapshot
}
