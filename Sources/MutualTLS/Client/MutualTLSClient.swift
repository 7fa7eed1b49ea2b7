internal import OpenSSL

/// A client whose settings were found consistent. It makes connections, and owns no socket.
///
/// It may be shared between threads; each connection belongs to one at a time. The identity rotates through its
/// manager.
public final class MutualTLSClient: Sendable {
    private let plan: ClientPlan
    private let fixedManager: CertAuthManager?

    init(_ plan: ClientPlan, fixedManager: CertAuthManager?) {
        self.plan = plan
        self.fixedManager = fixedManager
        fixedManager?.addFixedUser()
    }

    deinit {
        fixedManager?.removeFixedUser()
    }

    /// Makes the client's side of a connection; ``Connection/start()`` sends the ClientHello.
    public func makeConnection() throws(MutualTLSError) -> sending Connection {
        try Connection(context: plan.context, handshake: ClientHandshake(plan), role: .client)
    }
}
