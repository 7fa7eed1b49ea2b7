#if Selftest
import LibraryMutants
import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Mutants", .serialized)
struct MutantTests {
    /// One connection under some settings, whose outcome a mutant may change.
    struct Probe: Sendable {
        let name: String
        let run: @Sendable (LibraryMutant?) throws -> String
    }

    static let names = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(name: "wildcard", issuer: "root", dnsNames: ["*.example.test"]),
        CertificateRecipe(name: "cn-only", issuer: "root", subject: Subject(commonName: "server.test")),
    ])

    private static func outcome(
        _ mutant: LibraryMutant?,
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        credential: String? = "client",
        pool: [String] = ["root", "pinned-issued"],
        server change: (inout MutualTLSConfiguration.Server) throws -> Void = { _ in },
        client changeClient: (inout MutualTLSConfiguration.Client) throws -> Void = { _ in },
        duringHandshake rotate: () throws -> Void = {}
    ) throws -> String {
        var server = try serverSettings(mode, pool: CertificatePool(try pool.map(shared.certificate)))
        try change(&server)
        mutant?.alter(&server)
        var client = try clientSettings(credential.map { try shared.identity($0) })
        try changeClient(&client)
        mutant?.alter(&client)
        let pair = try Pairing(server: server, client: client)
        try rotate()
        try pair.exchange()
        return [pair.server, pair.client].map { describe($0) }.joined(separator: " | ")
    }

    static func describe(_ connection: Connection) -> String {
        let information = connection.information
        return [
            connection.state.rawValue,
            "\(connection.failure?.reason.rawValue ?? "-")",
            "\(information.alertSent?.name ?? "-")/\(information.alertReceived?.name ?? "-")",
            "peer \(information.peerCertificates.first?.commonName ?? "-")",
            "verified \(information.isPeerVerified) \(information.verifiedChain.count)",
            "resumed \(information.didResume)",
            "local \(information.localCertificate?.commonName ?? "-")",
            "sni \(information.sni ?? "-")",
            "names \(information.acceptableCANames.count) \(information.certificateRequested)",
        ].joined(separator: ", ")
    }

    static let probes: [Probe] =
        ClientAuth.allCases.flatMap { mode in
            [nil, "client", "untrusted"].map { credential in
                Probe(name: "\(mode) \(credential ?? "none")") { try outcome($0, mode, credential: credential) }
            }
        }
        + ["expired", "server-auth", "no-eku", "any-eku", "key-encipherment", "pinned-issued"].map { credential in
            Probe(name: credential) { try outcome($0, credential: credential) }
        }
        + [
            Probe(name: "revoked") { mutant in
                try outcome(
                    mutant,
                    credential: "revoked",
                    server: { $0.revocation = .leaf([try shared.crl("root-crl")]) }
                )
            },
            Probe(name: "sni") { mutant in
                try outcome(mutant, server: { $0.identitiesByName = ["server.test": try shared.identity("server-2")] })
            },
            Probe(name: "sni case") { mutant in
                try outcome(
                    mutant,
                    server: { $0.identitiesByName = ["server.test": try shared.identity("server-2")] },
                    client: { $0.serverNameIndication = .verbatim("SERVER.test") }
                )
            },
            Probe(name: "strict sni") { mutant in
                try outcome(
                    mutant,
                    server: { $0.strictSNI = true },
                    client: { $0.serverNameIndication = .verbatim("unknown.test") }
                )
            },
            Probe(name: "address") { try outcome($0, client: { $0.serverName = try ServerName("127.0.0.1") }) },
            Probe(name: "other name") { try outcome($0, client: { $0.serverName = try ServerName("other.test") }) },
            Probe(name: "other root") { try outcome($0, client: { $0.rootCAs = try shared.pool("other-root") }) },
            Probe(name: "common name") { mutant in
                try outcome(
                    mutant,
                    server: { $0.identity = try names.identity("cn-only") },
                    client: { $0.rootCAs = try names.pool("root") }
                )
            },
            Probe(name: "deep wildcard") { mutant in
                try outcome(
                    mutant,
                    server: { $0.identity = try names.identity("wildcard") },
                    client: {
                        $0.rootCAs = try names.pool("root")
                        $0.serverName = try ServerName("a.b.example.test")
                    }
                )
            },
            Probe(name: "rotation") { mutant in
                let manager = CertManager(try shared.identity("server"))
                return try outcome(
                    mutant,
                    server: { $0.identity = manager },
                    duringHandshake: { manager.update(try shared.identity("server-2")) }
                )
            },
            Probe(name: "rotation of an established connection") { mutant in
                let manager = CertManager(try shared.identity("server"))
                var settings = try serverSettings(identity: manager)
                mutant?.alter(&settings)
                let pair = try Pairing(server: settings, client: clientSettings(shared.identity("client")))
                pair.run()
                manager.update(try shared.identity("server-2"))
                return describe(pair.server)
            },
        ] + SessionProbes.all + RotationProbes.all

    /// Mutants that show on chains, revocation lists and timelines which the catalogue has: each is held there to a part
    /// of it that must notice, in the test of the harness on a wrong library.
    static let noticedByCatalogue: Set<LibraryMutant> = [
        .swapPools, .ignoreNotYetValid, .ignoreIssuerThatIsNoCA, .ignorePathLength, .ignoreNameConstraints,
        .ignoreCriticalExtension, .acceptMissingRevocationList, .acceptStaleRevocationList, .acceptAddressInDNSName,
        .presentRegardlessOfCANames, .presentCurrentIdentity, .withholdIntermediates, .closeRotatedConnections,
        .reportPreviousPeer, .acceptMismatchedKey,
    ]

    @Test("each changes the outcome of a connection")
    func eachIsNoticed() throws {
        let expected = try Self.probes.map { try $0.run(nil) }
        #expect(try Self.probes.map { try $0.run(nil) } == expected, "outcomes repeat")
        for mutant in LibraryMutant.allCases where !Self.noticedByCatalogue.contains(mutant) {
            let isNoticed = try zip(Self.probes, expected).contains { try $0.run(mutant) != $1 }
            #expect(isNoticed, "\(mutant) goes unnoticed")
        }
    }
}
#endif
