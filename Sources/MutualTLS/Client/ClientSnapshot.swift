/// Everything of a client's settings that may rotate, at the moment when a connection starts.
///
/// A class for the reason that ``ServerSnapshot`` is one.
final class ClientSnapshot: Sendable {
    let expectation: ServerExpectation
    let identity: Identity?
    let revocation: RevocationSnapshot

    init(expectation: ServerExpectation, identity: Identity?, revocation: RevocationSnapshot) {
        self.expectation = expectation
        self.identity = identity
        self.revocation = revocation
    }
}
