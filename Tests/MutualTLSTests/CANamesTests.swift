import MutualTLS
import Testing
import ThrowawayPKI

@Suite("CA names in the CertificateRequest")
struct CANamesTests {
    @Test("are those of the pool, in every mode that requests", arguments: ClientAuth.allCases, versions)
    func derived(mode: ClientAuth, version: TLSVersion) throws {
        let pool = try shared.pool("root", "other-root")
        let pair = try Pairing(
            server: serverSettings(mode, version: version, pool: pool),
            client: clientSettings(shared.identity("client"))
        )
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.client.information.acceptableCANames == (mode.requestsCertificate ? pool.subjects : []))
        #expect(pool.subjects.map(\.text) == ["CN=root", "CN=other-root"])
        #expect(pair.client.information.certificateRequested == mode.requestsCertificate)
        #expect(pair.server.information.certificateRequested == mode.requestsCertificate)
    }

    @Test("can be left out or replaced", arguments: versions)
    func replaced(version: TLSVersion) throws {
        var settings = try serverSettings(version: version)
        settings.acceptableCANames = .none
        let none = try Pairing(server: settings, client: clientSettings(shared.identity("client")))
        try none.exchange()
        #expect(none.isAccepted)
        #expect(none.client.information.acceptableCANames.isEmpty)

        settings.acceptableCANames = .subjects(of: try shared.pool("other-root"))
        let other = try Pairing(server: settings, client: clientSettings(shared.identity("client")))
        try other.exchange()
        #expect(other.isAccepted)
        #expect(other.client.information.acceptableCANames.map(\.text) == ["CN=other-root"])
    }

    @Test("can be given without their certificates, in any order", arguments: versions)
    func named(version: TLSVersion) throws {
        let subjects = try shared.pool("other-root", "root").subjects
        let names = try subjects.map { try DistinguishedName(der: $0.derBytes) }
        #expect(names == subjects)
        var settings = try serverSettings(.requireAnyClientCert, version: version, pool: nil)
        settings.acceptableCANames = .names(names + names)
        let pair = try Pairing(server: settings, client: clientSettings(shared.identity("client")))
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.client.information.acceptableCANames == subjects)
    }

    @Test(
        "are refused when they are no names",
        arguments: [[], [0x30], [0x30, 0x00, 0x00], [0x31, 0x00], Array("CN=root".utf8)] as [[UInt8]]
    )
    func undecodable(der: [UInt8]) throws {
        let error = try #require(throws: MutualTLSError.self) { try DistinguishedName(der: der) }
        #expect(error.code == .undecodableName)
        #expect(error.message.contains("\(der.count) bytes"))
    }

    @Test("stand once each")
    func deduplicated() throws {
        let twins = TestPKI([
            CertificateRecipe(name: "old", isCA: true, subject: Subject(commonName: "ca")),
            CertificateRecipe(name: "new", isCA: true, subject: Subject(commonName: "ca")),
        ])
        let pool = try twins.pool("old", "new", "old")
        #expect(pool.certificates.count == 2)
        #expect(pool.subjects.map(\.text) == ["CN=ca"])
        #expect(pool == (try twins.pool("new", "old")))
        #expect(pool != (try twins.pool("new")))
    }

    @Test(
        "make a client that matches them withhold what none of them issued",
        arguments: [
            ("client", ["root"], true),
            ("client", ["other-root"], false),
            ("untrusted", ["root"], false),
            ("self-signed", ["root"], false),
            ("pinned-self-signed", ["pinned-self-signed"], true),
            ("pinned-issued", ["pinned-issued"], false),
            ("by-intermediate", ["root"], false),
            ("by-intermediate+intermediate", ["root"], true),
            ("untrusted", [], true),
        ],
        versions
    )
    func withholding(row: (credential: String, names: [String], isSent: Bool), version: TLSVersion) throws {
        var server = try serverSettings(.requestClientCert, version: version)
        server.acceptableCANames =
            row.names.isEmpty ? .none : .subjects(of: CertificatePool(try row.names.map(shared.certificate)))
        let parts = row.credential.split(separator: "+").map(String.init)
        var client = try clientSettings(shared.identity(parts[0], with: Array(parts.dropFirst())))
        client.presents = .matchingAcceptableCAs
        let pair = try Pairing(server: server, client: client)
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect((pair.client.information.localCertificate != nil) == row.isSent)
        #expect(!pair.server.information.peerCertificates.isEmpty == row.isSent)

        client.presents = .always
        let always = try Pairing(server: server, client: client)
        try always.exchange()
        #expect(always.client.information.localCertificate == (try shared.certificate(parts[0])))
    }

    @Test("must fit into the message")
    func oversized() throws {
        let many = TestPKI(
            (0..<700).map {
                CertificateRecipe(
                    name: "\($0)",
                    isCA: true,
                    subject: Subject(
                        commonName: "\($0)" + String(repeating: "c", count: 60),
                        organization: String(repeating: "o", count: 64)
                    )
                )
            }
        )
        var settings = try serverSettings(pool: CertificatePool((0..<700).map { try many.certificate("\($0)") }))
        let error = try #require(throws: MutualTLSError.self) { try settings.resolve() }
        #expect(error.code == .oversizedCANames)
        settings.acceptableCANames = .none
        _ = try settings.resolve()
    }
}
