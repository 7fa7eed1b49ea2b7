internal import OpenSSL

/// A server whose settings were found consistent. It makes connections, and owns no socket.
///
/// It may be shared between threads; each connection belongs to one at a time. Identities rotate through their
/// managers.
public final class MutualTLSServer: Sendable {
    let plan: ServerPlan
    private let fixedManager: CertAuthManager?

    init(_ plan: ServerPlan, fixedManager: CertAuthManager?) {
        self.plan = plan
        self.fixedManager = fixedManager
        fixedManager?.addFixedUser()
    }

    deinit {
        fixedManager?.removeFixedUser()
    }

    /// Makes the server's side of a connection, which waits for a ClientHello.
    public func makeConnection() throws(MutualTLSError) -> sending Connection {
        try Connection(context: plan.context, handshake: ServerHandshake(plan), role: .server)
    }
}
