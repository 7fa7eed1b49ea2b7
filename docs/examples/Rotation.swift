import MutualTLS
import MutualTLSFiles

/// An identity that follows its files. Give the manager to servers and clients, and call `renew` when files change:
/// on a signal, on a schedule, or when whoever writes them says so.
struct FollowedIdentity {
    let manager: CertManager
    private let reloader: IdentityReloader

    init(certificate: String, privateKey: String, now: Timestamp) throws {
        reloader = try IdentityReloader(IdentityFiles(certificate: certificate, privateKey: privateKey), at: now)
        manager = CertManager(reloader.identity)
        reloader.keepUpdated(manager)
    }

    /// New connections use the new identity; existing ones keep theirs. Half-written files keep the last good one.
    func renew(now: Timestamp) -> String {
        switch reloader.check(at: now) {
        case .updated(let identity): "now \(identity.certificate)"
        case .unchanged, .restored: "unchanged"
        case .kept(let reason): "kept, because \(reason)"
        }
    }
}
