import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The oracle on certificate paths")
struct OraclePathTests {
    /// A leaf, what is sent after it, the pool, and what must come of it: nil alerts for more than one defect.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var certificates: [CertificateSpecification]
        var sent: [String] = []
        var pool = ["root"]
        var reasons: [String] = []
        var alerts: [AlertDescription]? = []
        var chainLength: Int?

        var testDescription: String { name }
    }

    private static func leaf(
        issuer: String? = "root",
        _ change: (inout CertificateSpecification) -> Void
    ) -> CertificateSpecification {
        CaseFixture.certificate("leaf", issuer: issuer) {
            $0.extendedKeyUsages = ["clientAuth"]
            change(&$0)
        }
    }

    private static func ca(
        _ name: String,
        issuer: String? = "root",
        _ change: (inout CertificateSpecification) -> Void = { _ in }
    ) -> CertificateSpecification {
        CaseFixture.certificate(name, issuer: issuer) {
            $0.isCA = true
            change(&$0)
        }
    }

    static let rows: [Row] = [
        Row(name: "valid", certificates: [leaf { _ in }], chainLength: 2),
        Row(
            name: "expired",
            certificates: [leaf { $0.validTo = -1 }],
            reasons: ["expired"],
            alerts: [.certificateExpired]
        ),
        Row(
            name: "not yet valid",
            certificates: [leaf { $0.validFrom = 60 }],
            reasons: ["not-yet-valid"],
            alerts: [.certificateExpired]
        ),
        Row(
            name: "wrong purpose",
            certificates: [leaf { $0.extendedKeyUsages = ["serverAuth"] }],
            reasons: ["wrong-purpose"],
            alerts: [.badCertificate]
        ),
        Row(name: "no purpose", certificates: [leaf { $0.extendedKeyUsages = nil }], chainLength: 2),
        Row(name: "any purpose", certificates: [leaf { $0.extendedKeyUsages = ["any"] }], chainLength: 2),
        Row(
            name: "purpose by OID",
            certificates: [leaf { $0.extendedKeyUsages = ["1.3.6.1.5.5.7.3.2"] }],
            chainLength: 2
        ),
        Row(name: "version 1", certificates: [leaf { $0.version = 1 }], chainLength: 2),
        Row(name: "small key", certificates: [leaf { $0.key = .rsa1024 }], chainLength: 2),
        Row(
            name: "unknown critical extension",
            certificates: [leaf { $0.hasUnknownCriticalExtension = true }],
            reasons: ["unknown-critical-extension"],
            alerts: [.badCertificate]
        ),
        Row(
            name: "intermediate sent",
            certificates: [ca("sub"), leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            chainLength: 3
        ),
        Row(
            name: "intermediate missing",
            certificates: [ca("sub"), leaf(issuer: "sub") { _ in }],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "issuer is no CA",
            certificates: [CaseFixture.certificate("sub", issuer: "root"), leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "issuer's purpose limits its leaf",
            certificates: [ca("sub") { $0.extendedKeyUsages = ["serverAuth"] }, leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            reasons: ["wrong-purpose"],
            alerts: [.badCertificate]
        ),
        Row(
            name: "path too long",
            certificates: [
                ca("top") { $0.pathLength = 0 }, ca("sub", issuer: "top"), leaf(issuer: "sub") { _ in },
            ],
            sent: ["sub", "top"],
            reasons: ["path-length"],
            alerts: [.badCertificate]
        ),
        Row(
            name: "name constraints kept",
            certificates: [constrained, leaf(issuer: "sub") { $0.dnsNames = ["a.inside.test"] }],
            sent: ["sub"],
            chainLength: 3
        ),
        Row(
            name: "name constraints violated",
            certificates: [constrained, leaf(issuer: "sub") { $0.dnsNames = ["outside.test"] }],
            sent: ["sub"],
            reasons: ["name-constraint"],
            alerts: [.badCertificate]
        ),
        Row(
            name: "expired anchor",
            certificates: [ca("old", issuer: nil) { $0.validTo = -1 }, leaf(issuer: "old") { _ in }],
            pool: ["old"],
            reasons: ["expired"],
            alerts: [.certificateExpired]
        ),
        Row(name: "pinned self-signed", certificates: [leaf(issuer: nil) { _ in }], pool: ["leaf"], chainLength: 1),
        Row(name: "pinned, issued by an absent CA", certificates: [leaf { _ in }], pool: ["leaf"], chainLength: 1),
        Row(
            name: "pinned and expired",
            certificates: [leaf(issuer: nil) { $0.validTo = -1 }],
            pool: ["leaf"],
            reasons: ["expired"],
            alerts: [.certificateExpired]
        ),
        Row(
            name: "minted by a pinned CA certificate",
            certificates: [ca("pinned", issuer: nil), leaf(issuer: "pinned") { _ in }],
            pool: ["pinned"],
            chainLength: 2
        ),
        Row(
            name: "empty pool",
            certificates: [leaf { _ in }],
            pool: [],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "untrusted and expired",
            certificates: [leaf(issuer: "other-root") { $0.validTo = -1 }],
            reasons: ["expired", "unknown-ca"],
            alerts: nil
        ),
        Row(
            name: "another CA of the same name",
            certificates: [
                ca("namesake", issuer: nil) { $0.commonName = "root" }, leaf(issuer: "namesake") { _ in },
            ],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "forged under the name and key identifier of the root",
            certificates: [leaf { $0.isForged = true }],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "below a forged intermediate",
            certificates: [ca("sub") { $0.isForged = true }, leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "an issuer that may sign lists alone",
            certificates: [ca("sub") { $0.keyUsages = ["cRLSign"] }, leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            reasons: ["unknown-ca"],
            alerts: [.unknownCA]
        ),
        Row(
            name: "an unknown critical extension of an issuer",
            certificates: [ca("sub") { $0.hasUnknownCriticalExtension = true }, leaf(issuer: "sub") { _ in }],
            sent: ["sub"],
            reasons: ["unknown-critical-extension"],
            alerts: [.badCertificate]
        ),
        Row(
            name: "cross-signed intermediate",
            certificates: [
                ca("sub", issuer: "other-root") { $0.commonName = "Sub" },
                ca("sub-cross") {
                    $0.commonName = "Sub"
                    $0.keyOf = "sub"
                },
                leaf(issuer: "sub") { _ in },
            ],
            sent: ["sub-cross"],
            chainLength: 3
        ),
    ]

    private static let constrained = ca("sub") {
        var constraints = NameConstraintsSpecification()
        constraints.permittedDNS = ["inside.test"]
        $0.nameConstraints = constraints
    }

    @Test("Each credential gets the outcome of path validation", arguments: rows)
    func credential(row: Row) throws {
        var fixture = CaseFixture()
        for certificate in row.certificates { fixture.certificates[certificate.name] = certificate }
        fixture.credentials["leaf"] = CredentialSpecification(name: "leaf", certificate: "leaf", chain: row.sent)
        fixture.credential = "leaf"
        fixture.server.clientCAs = row.pool
        let expectation = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.first)
        #expect(expectation.outcome.reasons == row.reasons)
        if row.reasons.isEmpty {
            #expect(expectation.outcome == .accepted)
            #expect(expectation.server.verifiedChainLength == row.chainLength)
        } else {
            #expect(expectation.outcome.alerts == row.alerts)
        }
    }

    @Test(
        "Each way to be taken in by an authority has a rule of its own",
        arguments: [
            ("forged", Rule.pathSignature), ("namesake", .pathImpostor), ("root sent along", .pathSentRoot),
            ("stranger", .pathUnknownAuthority), ("self-signed", .pathSelfSigned),
        ]
    )
    func takenIn(name: String, rule: Rule) {
        var fixture = CaseFixture()
        var sent: [String] = []
        var certificate = Self.leaf { _ in }
        switch name {
        case "forged": certificate.isForged = true
        case "namesake":
            fixture.certificates["namesake"] = Self.ca("namesake", issuer: nil) { $0.commonName = "root" }
            certificate.issuer = "namesake"
        case "root sent along":
            certificate.issuer = "other-root"
            sent = ["other-root"]
        case "stranger": certificate.issuer = "other-root"
        default: certificate.issuer = nil
        }
        fixture.certificates["leaf"] = certificate
        fixture.credentials["leaf"] = CredentialSpecification(name: "leaf", certificate: "leaf", chain: sent)
        fixture.credential = "leaf"
        let testCase = fixture.conformanceCase
        #expect(Oracle().expectation(for: testCase).rules.contains(rule.rawValue))
        // Answered otherwise it lets the client in, and nothing else does.
        var conducts = Conducts()
        conducts.server.otherwise[rule] = Conduct.Answer()
        #expect(Oracle().answer(for: testCase, conducts: conducts).expectation.connections.first?.outcome == .accepted)
    }

    @Test(
        "A revoked, an uncovered and a stale status are each refused",
        arguments: [
            ("revoked", ["leaf"], Int64(60), ["revoked"], [AlertDescription.certificateRevoked]),
            ("stale", [], Int64(-60), ["revocation-unknown"], [.certificateUnknown]),
            ("good", [], Int64(60), [], []),
        ]
    )
    func revocation(
        name: String,
        revoked: [String],
        nextUpdate: Int64,
        reasons: [String],
        alerts: [AlertDescription]
    ) {
        var fixture = CaseFixture()
        var list = RevocationListSpecification(name: "list", issuer: "root")
        list.revokes = revoked.map { _ in "client" }
        list.nextUpdate = nextUpdate
        fixture.revocationLists = ["list": list]
        fixture.server.revocation = .leaf
        fixture.server.revocationLists = ["list"]
        #expect(fixture.outcome?.reasons == reasons)
        #expect((fixture.outcome?.alerts ?? []) == alerts)
        fixture.server.revocationLists = []
        #expect(fixture.outcome?.reasons == ["revocation-unknown"])
    }
}
