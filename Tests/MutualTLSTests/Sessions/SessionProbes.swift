#if Selftest
import LibraryMutants

@testable import MutualTLS

/// Second connections under settings that have changed since the first, whose outcome a mutant may change.
enum SessionProbes {
    typealias Change = @Sendable (inout SessionPair) throws -> Void

    /// Both connections are of one client, and of two servers with the same ticket keys.
    private static func outcome(
        _ mutant: LibraryMutant?,
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        credential: String? = "client",
        prepare: Change = { _ in },
        betweenConnections change: Change
    ) throws -> String {
        try versions.map { version in
            var settings = try SessionPair(version, mode, credential: credential)
            settings.server.acceptableCANames = .none
            try prepare(&settings)
            let client = try settings.client.resolve(as: mutant)
            _ = try SessionPair.connect(settings.server.resolve(as: mutant), client)
            try change(&settings)
            let pair = try SessionPair.connect(settings.server.resolve(as: mutant), client)
            return "\(MutantTests.describe(pair.server)) | \(MutantTests.describe(pair.client))"
        }.joined(separator: "\n")
    }

    /// Both connections are of one live client, whose manager changes.
    private static func liveOutcome(
        _ mutant: LibraryMutant?,
        change: @Sendable (CertAuthManager) throws -> Void
    ) throws -> String {
        try versions.map { version in
            let manager = CertAuthManager(
                try shared.identity("client"),
                rootCAs: try shared.pool("root"),
                serverName: try ServerName("server.test")
            )
            var live = MutualTLSConfiguration.Client(manager: manager, poolPolicy: .live, currentTime: clock)
            live.sessions = .scoped()
            // A server can't notice that the client expects another one than it says.
            live.serverNameIndication = .none
            let (server, client) = (try SessionPair(version).server.resolve(), try live.resolve(as: mutant))
            _ = try SessionPair.connect(server, client)
            try change(manager)
            let pair = try SessionPair.connect(server, client)
            return "\(MutantTests.describe(pair.server)) | \(MutantTests.describe(pair.client))"
        }.joined(separator: "\n")
    }

    static let all: [MutantTests.Probe] = [
        MutantTests.Probe(name: "session") { try outcome($0) { _ in } },
        MutantTests.Probe(name: "unverified session") { mutant in
            try outcome(mutant, .requestClientCert, credential: "untrusted") { _ in }
        },
        MutantTests.Probe(name: "session and mode") { mutant in
            try outcome(mutant, .noClientCert, credential: nil) { $0.server.clientAuth = .requireAndVerifyClientCert }
        },
        MutantTests.Probe(name: "session and pool") { mutant in
            try outcome(mutant) { $0.server.clientCAs = try shared.pool("other-root") }
        },
        MutantTests.Probe(name: "session and server identity") { mutant in
            try outcome(mutant) { $0.server.identity = try shared.identity("server-2") }
        },
        MutantTests.Probe(name: "session and lists") { mutant in
            try outcome(mutant, credential: "revoked") { $0.server.revocation = .leaf([try shared.crl("root-crl")]) }
        },
        MutantTests.Probe(name: "session and lifetime") { mutant in
            try outcome(
                mutant,
                prepare: { $0.client.currentTime = clock },
                betweenConnections: { $0.clock.move(by: 3_601) }
            )
        },
        MutantTests.Probe(name: "session and expiry") { mutant in
            try outcome(
                mutant,
                prepare: {
                    $0.client.currentTime = clock
                    $0.client.identity = try sessionPKI.identity("short")
                    $0.server.clientCAs = try sessionPKI.pool("root")
                },
                betweenConnections: { $0.clock.move(by: 601) }
            )
        },
        MutantTests.Probe(name: "session and name") { mutant in
            var settings = try SessionPair(.tls13)
            let server = try settings.server.resolve(as: mutant)
            settings.client.serverNameIndication = .verbatim("open.test")
            let open = try settings.client.resolve()
            settings.client.serverNameIndication = .verbatim("protected.test")
            let protected = try settings.client.resolve()
            _ = try SessionPair.connect(server, open)
            try open.lendSessions(to: protected)
            let pair = try SessionPair.connect(server, protected)
            return "\(MutantTests.describe(pair.server)) | \(MutantTests.describe(pair.client))"
        },
        MutantTests.Probe(name: "session and client identity") { mutant in
            try liveOutcome(mutant) { $0.update(try shared.identity("client-2")) }
        },
        MutantTests.Probe(name: "session and roots") { mutant in
            try liveOutcome(mutant) { $0.setRootCAs(try shared.pool("other-root")) }
        },
        MutantTests.Probe(name: "session and expected name") { mutant in
            try liveOutcome(mutant) { $0.setServerName(try ServerName("other.test")) }
        },
    ]
}

extension MutualTLSConfiguration.Server {
    /// Makes a server that has the defect, if there is one.
    func resolve(as mutant: LibraryMutant?) throws -> MutualTLSServer {
        var settings = self
        mutant?.alter(&settings)
        return try settings.resolve()
    }
}

extension MutualTLSConfiguration.Client {
    /// Makes a client that has the defect, if there is one.
    func resolve(as mutant: LibraryMutant?) throws -> MutualTLSClient {
        var settings = self
        mutant?.alter(&settings)
        return try settings.resolve()
    }
}
#endif
