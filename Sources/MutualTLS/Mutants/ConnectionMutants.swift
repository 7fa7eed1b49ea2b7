internal import Synchronization

extension Handshake {
    /// Whether the mutant ends a connection whose identity was rotated after its handshake.
    var isEndedByRotation: Bool {
        guard mutant == .closeRotatedConnections, let local = record.localIdentity, let identitySource else {
            return false
        }
        return local.certificate != identitySource.identity.certificate
    }
}

/// The certificates of the peer before, which only a mutant reports.
final class PreviousPeer: Sendable {
    private let certificates = Mutex<[Certificate]>([])

    /// Keeps these, and gives what the mutant reports of them.
    func altered(_ presented: [Certificate], by mutant: LibraryMutant?) -> [Certificate] {
        guard mutant == .reportPreviousPeer else { return presented }
        return certificates.withLock { previous in
            defer { previous = presented }
            return previous.isEmpty ? presented : previous
        }
    }
}

extension CertAuthManager {
    /// The pool that a server verifies by, which only a mutant takes from the other role.
    func clientCAs(altered mutant: LibraryMutant?) -> CertificatePool? {
        mutant == .swapPools ? rootCAs : clientCAs
    }

    /// The pool that a client verifies by, which only a mutant takes from the other role.
    func rootCAs(altered mutant: LibraryMutant?) -> CertificatePool? {
        mutant == .swapPools ? clientCAs : rootCAs
    }
}
