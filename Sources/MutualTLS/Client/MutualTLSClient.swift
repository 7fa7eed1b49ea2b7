internal import OpenSSL

/// A client whose settings were found consistent. It makes connections, and owns no socket.
///
/// It may be shared between threads; each connection belongs to one at a time. The identity rotates through its
/// manager.
public final class MutualTLSClient: Sendable {
    let plan: ClientPlan
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
    ///
    /// - Parameter offeringSession: whether a session of an earlier connection may be resumed, if the settings keep
    ///   sessions. Without, the handshake is a full one, and its session is kept for later ones all the same.
    public func makeConnection(offeringSession: Bool = true) throws(MutualTLSError) -> sending Connection {
        let handshake = ClientHandshake(plan, offersSession: offeringSession)
        return try Connection(context: plan.context, handshake: handshake, role: .client)
    }
}
