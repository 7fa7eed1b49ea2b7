package import ConformanceModel

/// A rotation as somebody plans it: services that call each other, and the stages in which their certificates, their
/// authorities and their modes change.
package struct RotationPlan: Sendable {
    /// Where a certificate comes from.
    package enum Source: Sendable, Hashable {
        /// A PEM file with one certificate, a chain or a bundle. Its private key is never asked for.
        case file(String)
        /// A certificate that is only intended yet.
        case minted(Minted)
    }

    /// A certificate that is made for the rehearsal.
    package struct Minted: Sendable, Hashable {
        /// The common name of its subject.
        package var subject: String
        /// The entry that signs it; nil for one that signs itself.
        package var issuer: String?
        /// The entry whose key and subject it has, as a cross-signed authority does; nil for a key of its own.
        package var keyOf: String?
        package var isAuthority: Bool
        /// DNS names and addresses.
        package var names: [String]
        /// Seconds since 1970; nil for one that is valid through the whole plan.
        package var notBefore: Int64?
        package var notAfter: Int64?
    }

    /// The settings of a service at one time.
    package struct State: Sendable, Hashable {
        /// Entries, the leaf first; empty for a service that has no certificate.
        package var presents: [String]
        /// Entries: the authorities by which it judges servers that it calls and clients that call it.
        package var trusts: [String]
        package var clientAuth: ClientAuthMode
    }

    package struct Service: Sendable, Hashable {
        package var name: String
        /// The name that callers dial; nil for the first name of the certificate that it presents.
        package var dialled: String?
        package var calls: [String]
        /// How many stages an instance may be late.
        package var lags: Int
        /// The settings before the first stage.
        package var today: State
    }

    /// The changes of a stage in one service; nil stays as it is.
    package struct Change: Sendable, Hashable {
        package var service: String
        package var presents: [String]?
        package var trusts: [String]?
        package var clientAuth: ClientAuthMode?

        package init(
            service: String,
            presents: [String]? = nil,
            trusts: [String]? = nil,
            clientAuth: ClientAuthMode? = nil
        ) {
            self.service = service
            self.presents = presents
            self.trusts = trusts
            self.clientAuth = clientAuth
        }
    }

    package struct Stage: Sendable, Hashable {
        package var name: String
        /// The time at which it begins, in seconds since 1970; nil for that of the stage before.
        package var at: Int64?
        package var changes: [Change]

        package init(name: String, at: Int64? = nil, changes: [Change]) {
            self.name = name
            self.at = at
            self.changes = changes
        }
    }

    package var name: String
    /// In the order in which they are written.
    package var certificates: [(name: String, source: Source)]
    package var services: [Service]
    package var stages: [Stage]

    /// The settings of a service when the first `count` stages are complete.
    package func state(of service: Service, after count: Int) -> State {
        stages.prefix(count).flatMap(\.changes).filter { $0.service == service.name }
            .reduce(into: service.today) { state, change in
                if let presents = change.presents { state.presents = presents }
                if let trusts = change.trusts { state.trusts = trusts }
                if let mode = change.clientAuth { state.clientAuth = mode }
            }
    }
}
