/// Everything of a client's settings that may rotate, at the moment when a connection starts.
struct ClientSnapshot: Sendable {
    let expectation: ServerExpectation
    let identity: Identity?
    let revocation: RevocationSnapshot
}
