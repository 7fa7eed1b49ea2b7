import MutualTLS
import Testing
import ThrowawayPKI

/// An authority with two certificates for its one key: a good one, and one that fails a single check.
@Suite("Of two certificates of one authority")
struct PathBuildingTests {
    /// The fault of the other certificate.
    enum Fault: String, CaseIterable {
        case otherRoot = "issued by a root outside the pool"
        case purpose = "for the other purpose"
        case criticalExtension = "with an unknown critical extension"
        case expired = "expired"
        case notYetValid = "not yet valid"
        case noAuthority = "no certificate authority"
        case noCertificateSigning = "without keyCertSign"
        case nameConstraint = "with constraints that exclude the leaf"
        case pathLength = "below an authority with path length 0"
        case revoked = "revoked"
    }

    private static let pki: TestPKI = {
        var recipes = [
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "other-root", isCA: true),
            CertificateRecipe(name: "mid", issuer: "root", isCA: true),
            CertificateRecipe(name: "ending", issuer: "root", isCA: true, pathLength: 0),
            CertificateRecipe(name: "server", issuer: "mid", dnsNames: ["server.test"]),
            CertificateRecipe(name: "client", issuer: "mid", dnsNames: ["client.test"]),
        ]
        for fault in Fault.allCases {
            for purpose in ["serverAuth", "clientAuth"] {
                var other = CertificateRecipe(
                    name: "\(fault) \(purpose)",
                    issuer: "root",
                    isCA: true,
                    subject: Subject(commonName: "mid"),
                    keyOf: "mid"
                )
                switch fault {
                case .otherRoot: other.issuer = "other-root"
                case .purpose: other.extendedKeyUsages = [purpose == "serverAuth" ? "clientAuth" : "serverAuth"]
                case .criticalExtension: other.hasUnknownCriticalExtension = true
                case .expired: (other.validFrom, other.validTo) = (-7_200, -3_600)
                case .notYetValid: (other.validFrom, other.validTo) = (3_600, 7_200)
                case .noAuthority: (other.isCA, other.keyUsages) = (false, ["keyCertSign"])
                case .noCertificateSigning: other.keyUsages = ["cRLSign"]
                case .nameConstraint:
                    other.nameConstraints = NameConstraints(
                        excluded: .init(dnsNames: ["server.test", "client.test"])
                    )
                case .pathLength: other.issuer = "ending"
                case .revoked: break
                }
                recipes.append(other)
            }
        }
        return TestPKI(
            recipes,
            crls: [
                CRLRecipe(name: "roots", issuer: "root", revokes: ["revoked serverAuth", "revoked clientAuth"]),
                CRLRecipe(name: "mids", issuer: "mid"),
            ]
        )
    }()

    private func chain(_ fault: Fault, _ purpose: String, isFirst: Bool) -> [String] {
        let other = "\(fault) \(purpose)"
        return (isFirst ? [other, "mid"] : ["mid", other]) + (fault == .pathLength ? ["ending"] : [])
    }

    private func revocation(_ fault: Fault) throws -> RevocationPolicy {
        fault == .revoked ? .chain([try Self.pki.crl("roots"), try Self.pki.crl("mids")]) : .off
    }

    @Test("the good one is found by a server, in every order", arguments: Fault.allCases, [true, false])
    func server(fault: Fault, isFirst: Bool) throws {
        var server = try serverSettings(pool: Self.pki.pool("root"))
        server.revocation = try revocation(fault)
        let sent = chain(fault, "clientAuth", isFirst: isFirst)
        let pair = try Pairing(
            server: server,
            client: clientSettings(Self.pki.identity("client", with: sent))
        )
        try pair.exchange()
        #expect(pair.isAccepted, "\(pair.server.failure?.message ?? "")")
        #expect(pair.server.information.verifiedChain.map(\.commonName) == ["client", "mid", "root"])
    }

    @Test("the good one is found by a client, in every order", arguments: Fault.allCases, [true, false])
    func client(fault: Fault, isFirst: Bool) throws {
        let sent = chain(fault, "serverAuth", isFirst: isFirst)
        let server = try serverSettings(.noClientCert, identity: Self.pki.identity("server", with: sent))
        var client = try clientSettings()
        client.rootCAs = try Self.pki.pool("root")
        client.revocation = try revocation(fault)
        let pair = try Pairing(server: server, client: client)
        try pair.exchange()
        #expect(pair.isAccepted, "\(pair.client.failure?.message ?? "")")
        #expect(pair.client.information.verifiedChain.map(\.commonName) == ["server", "mid", "root"])
    }

    @Test("the bad one alone is refused", arguments: Fault.allCases)
    func refused(fault: Fault) throws {
        var server = try serverSettings(pool: Self.pki.pool("root"))
        server.revocation = try revocation(fault)
        let sent = chain(fault, "clientAuth", isFirst: true).filter { $0 != "mid" }
        let pair = try Pairing(server: server, client: clientSettings(Self.pki.identity("client", with: sent)))
        try pair.exchange()
        let reason: ConnectionFailure.Reason =
            switch fault {
            case .otherRoot: .unknownAuthority
            case .purpose: .purpose
            case .criticalExtension: .criticalExtension
            case .expired: .expired
            case .notYetValid: .notYetValid
            case .noAuthority, .noCertificateSigning: .invalidAuthority
            case .nameConstraint: .nameConstraint
            case .pathLength: .pathLength
            case .revoked: .revoked
            }
        #expect(pair.server.failure?.reason == reason, "\(pair.server.failure?.message ?? "")")
    }

    @Test("of a pool issue nothing without basicConstraints, whatever their key usage says", arguments: [false, true])
    func poolWithoutBasicConstraints(hasThem: Bool) throws {
        let pki = TestPKI([
            CertificateRecipe(name: "root", isCA: true, keyUsages: ["keyCertSign"], hasBasicConstraints: hasThem),
            CertificateRecipe(name: "leaf", issuer: "root", dnsNames: ["server.test"]),
        ])
        let asClient = try Pairing(
            server: serverSettings(pool: pki.pool("root")),
            client: clientSettings(pki.identity("leaf"))
        )
        try asClient.exchange()
        #expect(asClient.server.failure?.reason == (hasThem ? nil : .invalidAuthority))
        var client = try clientSettings()
        client.rootCAs = try pki.pool("root")
        let asServer = try Pairing(
            server: serverSettings(.noClientCert, identity: pki.identity("leaf")),
            client: client
        )
        try asServer.exchange()
        #expect(asServer.client.failure?.reason == (hasThem ? nil : .invalidAuthority))
    }
}
