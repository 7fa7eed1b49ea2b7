import MutualTLS
import Testing
import ThrowawayPKI

@Suite("A client verifies its server's chain")
struct ServerAuthTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let server: String
        let roots: [String]
        var alert: Alert?
        var reason: ConnectionFailure.Reason?
        var chainLength = 2
        var testDescription: String { "\(server) with \(roots.isEmpty ? ["an empty pool"] : roots)" }
    }

    static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(name: "other-root", isCA: true),
        server("valid"),
        server("self-signed", issuer: nil),
        server("expired", validFrom: -172_800, validTo: -86_400),
        server("not-yet-valid", validFrom: 86_400, validTo: 172_800),
        server("client-auth", usages: ["clientAuth"]),
        server("no-eku", usages: nil),
        server("any-eku", usages: ["any"]),
        server("wrong-name", dnsNames: ["other.test"]),
        CertificateRecipe(name: "key-cert-sign", issuer: "root", dnsNames: ["server.test"], keyUsages: ["keyCertSign"]),
    ])

    static let rows = [
        Row(server: "valid", roots: ["root"]),
        Row(server: "valid", roots: ["other-root"], alert: .unknownCA, reason: .unknownAuthority),
        Row(server: "valid", roots: [], alert: .unknownCA, reason: .unknownAuthority),
        Row(server: "self-signed", roots: ["self-signed"], chainLength: 1),
        Row(server: "valid", roots: ["valid"], chainLength: 1),
        Row(server: "expired", roots: ["root"], alert: .certificateExpired, reason: .expired),
        Row(server: "not-yet-valid", roots: ["root"], alert: .certificateExpired, reason: .notYetValid),
        Row(server: "client-auth", roots: ["root"], alert: .badCertificate, reason: .purpose),
        Row(server: "no-eku", roots: ["root"]),
        Row(server: "any-eku", roots: ["root"]),
        Row(server: "wrong-name", roots: ["root"], alert: .badCertificate, reason: .nameMismatch),
    ]

    private static func server(
        _ name: String,
        issuer: String? = "root",
        validFrom: Int64 = -3_600,
        validTo: Int64 = 86_400,
        usages: [String]? = ["serverAuth"],
        dnsNames: [String] = ["server.test"]
    ) -> CertificateRecipe {
        CertificateRecipe(
            name: name,
            issuer: issuer,
            validFrom: validFrom,
            validTo: validTo,
            dnsNames: dnsNames,
            extendedKeyUsages: usages
        )
    }

    private func pair(_ row: Row, _ version: TLSVersion, insecure: Bool) throws -> Pairing {
        var client = MutualTLSConfiguration.Client(identity: try shared.identity("client"), currentTime: clock)
        client.rootCAs = CertificatePool(try row.roots.map(Self.pki.certificate))
        client.serverName = try ServerName("server.test")
        client.insecureSkipVerify = insecure
        let server = try serverSettings(version: version, identity: Self.pki.identity(row.server))
        return try Pairing(server: server, client: client)
    }

    @Test(
        "and refuses with an alert that names the defect, before it reveals its own certificate",
        arguments: rows,
        versions
    )
    func verification(row: Row, version: TLSVersion) throws {
        let pair = try pair(row, version, insecure: false)
        try pair.exchange()
        let information = pair.client.information
        #expect(information.peerCertificates == [try Self.pki.certificate(row.server)])
        guard let alert = row.alert else {
            #expect(pair.isAccepted, "\(String(describing: pair.client.failure))")
            #expect(information.isPeerVerified)
            #expect(information.verifiedChain.count == row.chainLength)
            return
        }
        #expect(pair.client.failure?.reason == row.reason)
        #expect(pair.client.failure?.phase == .handshake)
        #expect(pair.client.failure?.certificate == (try Self.pki.certificate(row.server)))
        #expect(information.alertSent == alert)
        #expect(information.localCertificate == nil)
        #expect(!information.isPeerVerified)
        #expect(pair.server.failure?.reason == .peerAlert)
        #expect(pair.server.failure?.phase == .handshake)
        #expect(pair.server.information.alertReceived == alert)
        #expect(pair.server.information.peerCertificates.isEmpty)
    }

    @Test("and with insecureSkipVerify accepts all of them, unverified", arguments: rows, versions)
    func insecure(row: Row, version: TLSVersion) throws {
        let pair = try pair(row, version, insecure: true)
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(!pair.client.information.isPeerVerified)
        #expect(pair.client.information.verifiedChain.isEmpty)
        #expect(pair.client.information.peerCertificates == [try Self.pki.certificate(row.server)])
    }
}

@Suite("A client verifies its server's name")
struct ServerNameVerificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let certificate: String
        let name: String
        let isAccepted: Bool
        var sni: String?
        var testDescription: String { "\(certificate) as \(name)" }
    }

    static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        named("plain", dns: ["server.test"]),
        named("upper", dns: ["SERVER.Test"]),
        named("wildcard", dns: ["*.example.test"]),
        named("top-wildcard", dns: ["*.test"]),
        named("partial-wildcard", dns: ["f*.example.test"]),
        named("address", ip: ["127.0.0.1", "::1"]),
        named("address-as-dns", dns: ["127.0.0.1"]),
        named("cn-only", commonName: "server.test"),
        named("cn-address", commonName: "127.0.0.1"),
        named("cn-with-ip", commonName: "server.test", ip: ["127.0.0.1"]),
        named("cn-with-email", commonName: "server.test", email: ["a@server.test"]),
        named("a-label", dns: ["xn--bcher-kva.test"]),
        named("underscore", dns: ["my_node.test"]),
        named("localhost", dns: ["localhost"]),
    ])

    static let rows = [
        Row(certificate: "plain", name: "server.test", isAccepted: true, sni: "server.test"),
        Row(certificate: "plain", name: "SERVER.TEST", isAccepted: true, sni: "server.test"),
        Row(certificate: "upper", name: "server.test", isAccepted: true, sni: "server.test"),
        Row(certificate: "plain", name: "server.test.", isAccepted: true, sni: "server.test"),
        Row(certificate: "plain", name: "other.test", isAccepted: false, sni: "other.test"),
        Row(certificate: "wildcard", name: "a.example.test", isAccepted: true, sni: "a.example.test"),
        Row(certificate: "wildcard", name: "a.b.example.test", isAccepted: false, sni: "a.b.example.test"),
        Row(certificate: "wildcard", name: "example.test", isAccepted: false, sni: "example.test"),
        Row(certificate: "top-wildcard", name: "a.test", isAccepted: false, sni: "a.test"),
        Row(certificate: "partial-wildcard", name: "foo.example.test", isAccepted: false, sni: "foo.example.test"),
        Row(certificate: "address", name: "127.0.0.1", isAccepted: true),
        Row(certificate: "address", name: "::1", isAccepted: true),
        Row(certificate: "address", name: "[::1]", isAccepted: true),
        Row(certificate: "address", name: "127.0.0.2", isAccepted: false),
        Row(certificate: "address-as-dns", name: "127.0.0.1", isAccepted: false),
        Row(certificate: "cn-only", name: "server.test", isAccepted: false, sni: "server.test"),
        Row(certificate: "cn-address", name: "127.0.0.1", isAccepted: false),
        Row(certificate: "cn-with-ip", name: "server.test", isAccepted: false, sni: "server.test"),
        Row(certificate: "cn-with-email", name: "server.test", isAccepted: false, sni: "server.test"),
        Row(certificate: "a-label", name: "xn--bcher-kva.test", isAccepted: true, sni: "xn--bcher-kva.test"),
        Row(certificate: "underscore", name: "my_node.test", isAccepted: true, sni: "my_node.test"),
        Row(certificate: "localhost", name: "localhost", isAccepted: true, sni: "localhost"),
    ]

    private static func named(
        _ name: String,
        commonName: String? = nil,
        dns: [String] = [],
        ip: [String] = [],
        email: [String] = []
    ) -> CertificateRecipe {
        CertificateRecipe(
            name: name,
            issuer: "root",
            subject: Subject(commonName: commonName ?? name),
            dnsNames: dns,
            ipAddresses: ip,
            emailAddresses: email,
            extendedKeyUsages: ["serverAuth"]
        )
    }

    private func pair(_ row: Row, _ version: TLSVersion, insecure: Bool) throws -> Pairing {
        var client = MutualTLSConfiguration.Client(currentTime: clock)
        client.rootCAs = try Self.pki.pool("root")
        client.serverName = try ServerName(row.name)
        client.insecureSkipVerify = insecure
        return try Pairing(
            server: serverSettings(.noClientCert, version: version, identity: Self.pki.identity(row.certificate)),
            client: client
        )
    }

    @Test("by its subject alternative names alone, and sends SNI for names alone", arguments: rows, versions)
    func names(row: Row, version: TLSVersion) throws {
        let pair = try pair(row, version, insecure: false)
        try pair.exchange()
        #expect(pair.server.information.sni == row.sni)
        #expect(pair.client.information.sni == row.sni)
        guard !row.isAccepted else {
            #expect(pair.isAccepted, "\(String(describing: pair.client.failure))")
            return
        }
        #expect(pair.client.failure?.reason == .nameMismatch)
        #expect(pair.client.information.alertSent == .badCertificate)
        #expect(pair.server.information.alertReceived == .badCertificate)
    }

    @Test("and with insecureSkipVerify accepts every name", arguments: rows)
    func insecure(row: Row) throws {
        let pair = try pair(row, .tls13, insecure: true)
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.server.information.sni == row.sni)
    }

    @Test("and hints at the common name when that is where the name stands")
    func commonNameHint() throws {
        let row = Row(certificate: "cn-only", name: "server.test", isAccepted: false)
        let pair = try pair(row, .tls13, insecure: false)
        pair.run()
        let message = try #require(pair.client.failure?.message)
        #expect(message.contains("Its common name is server.test, which is no host name (RFC 9525 section 2)."))
        #expect(message.contains("expected server.test"))
    }
}
