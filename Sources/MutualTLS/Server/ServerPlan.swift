internal import OpenSSL

/// A server's settings, found consistent: what every connection of it shares.
final class ServerPlan: Sendable {
    let context: SSLContext
    let selector: IdentitySelector
    let verifier: PeerVerifier
    let keyLog: (@Sendable (String) -> Void)?
    let mutant: LibraryMutant?
    let previousPeer = PreviousPeer()
    private let policySource: PolicySource

    enum PolicySource: Sendable {
        case fixed(ClientPolicy)
        case live(CertAuthManager, AcceptableCANames)
    }

    init(
        context: SSLContext,
        selector: IdentitySelector,
        verifier: PeerVerifier,
        policySource: PolicySource,
        keyLog: (@Sendable (String) -> Void)?,
        mutant: LibraryMutant?
    ) {
        self.context = context
        self.selector = selector
        self.verifier = verifier
        self.policySource = policySource
        self.keyLog = keyLog
        self.mutant = mutant
    }

    /// The policy for a handshake whose ClientHello is being processed.
    func clientPolicy() throws(MutualTLSError) -> ClientPolicy {
        switch policySource {
        case .fixed(let policy):
            return policy
        case .live(let manager, let names):
            let state = manager.snapshot
            return try ClientPolicy(
                mode: state.clientAuth.altered(by: mutant),
                clientCAs: state.clientCAs,
                acceptableCANames: names
            )
        }
    }
}
