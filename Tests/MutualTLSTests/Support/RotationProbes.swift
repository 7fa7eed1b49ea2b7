#if Selftest
import LibraryMutants

@testable import MutualTLS

/// Connections during which a manager changes, whose outcome a mutant may change.
enum RotationProbes {
    /// The server's manager changes between the making of its connection and the ClientHello.
    private static func outcome(
        _ mutant: LibraryMutant?,
        _ policy: PoolPolicy,
        identity: Identity,
        change: (CertAuthManager) throws -> Void
    ) throws -> String {
        let manager = CertAuthManager(
            identity,
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try shared.pool("root")
        )
        var settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: policy, currentTime: clock)
        var client = try clientSettings(shared.identity("client"))
        client.rootCAs = try shared.pool("root", "intermediate")
        let pair = try Pairing(settings.resolve(as: mutant), client.resolve())
        try change(manager)
        try pair.exchange()
        let shown = pair.client.information.peerCertificates.map { "\($0)" }
        return "\(MutantTests.describe(pair.server)) | \(MutantTests.describe(pair.client)) \(shown)"
    }

    static let all: [MutantTests.Probe] = [
        MutantTests.Probe(name: "identity before the ClientHello") { mutant in
            try outcome(mutant, .fixedAtStart, identity: shared.identity("server")) {
                $0.update(try shared.identity("server-2"))
            }
        },
        MutantTests.Probe(name: "chain before the ClientHello") { mutant in
            try outcome(mutant, .fixedAtStart, identity: shared.identity("server", with: ["root"])) {
                $0.update(try shared.identity("server-2", with: ["intermediate"]))
            }
        },
        MutantTests.Probe(name: "fixed pool before the ClientHello") { mutant in
            try outcome(mutant, .fixedAtStart, identity: shared.identity("server")) {
                $0.setClientCAs(try shared.pool("other-root"))
            }
        },
        MutantTests.Probe(name: "live pool before the ClientHello") { mutant in
            try outcome(mutant, .live, identity: shared.identity("server")) {
                $0.setClientCAs(try shared.pool("other-root"))
            }
        },
    ]
}
#endif
