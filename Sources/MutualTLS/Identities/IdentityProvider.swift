/// Something that has an identity to present: one identity for good, or a manager that rotates it.
public protocol IdentityProvider: Sendable {
    /// The identity for handshakes that begin now. Each handshake asks once, and keeps the answer to its end.
    var identity: Identity { get }
}
