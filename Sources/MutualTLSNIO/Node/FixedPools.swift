internal import MutualTLS

/// Marks managers whose pools a node has taken at its start, so that a change to them is warned about.
final class FixedPools: Sendable {
    private let managers: [CertAuthManager]

    init(_ options: NodeOptions) {
        let providers = [options.certManager] + options.network.routes.map(\.certManager)
        managers = options.poolPolicy == .fixedAtStart ? providers.compactMap { $0 as? CertAuthManager } : []
        for manager in managers { manager.addFixedUser() }
    }

    deinit {
        for manager in managers { manager.removeFixedUser() }
    }
}
