import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Name constraints")
struct NameConstraintTests {
    private static let numbers = Array(0..<rows.count)

    /// The names of a leaf under the constraints of its issuer.
    private struct Row {
        var permitted = NameConstraints.Subtrees()
        var excluded = NameConstraints.Subtrees()
        var dns: [String] = []
        var mail: [String] = []
        var ip: [String] = []
        var uri: [String] = []
        var commonName: String?
        let isAccepted: Bool
    }

    private typealias Trees = NameConstraints.Subtrees

    private static let rows: [Row] = [
        // A wildcard stands for every name that it could match.
        Row(excluded: Trees(dnsNames: ["admin.corp.test"]), dns: ["*.corp.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["ADMIN.corp.test"]), dns: ["*.CORP.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["a.admin.corp.test"]), dns: ["*.corp.test"], isAccepted: true),
        Row(excluded: Trees(dnsNames: ["corp.test"]), dns: ["*.corp.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["test"]), dns: ["*.corp.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["other.test"]), dns: ["*.corp.test"], isAccepted: true),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["*.corp.test"], isAccepted: true),
        Row(permitted: Trees(dnsNames: ["a.corp.test"]), dns: ["*.corp.test"], isAccepted: false),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["*.test"], isAccepted: false),
        // Labels and letter case.
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["A.CORP.TEST", "corp.test"], isAccepted: true),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["evilcorp.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["corp.test"]), dns: ["A.Corp.Test"], isAccepted: false),
        // Names that are none, where their kind is constrained and where it isn't.
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["a..corp.test"], isAccepted: false),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: [".corp.test"], isAccepted: false),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["a b.corp.test"], isAccepted: false),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["f*.corp.test"], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["other.test"]), dns: ["corp.test."], isAccepted: false),
        Row(excluded: Trees(dnsNames: ["other.test"]), dns: ["corp..test"], isAccepted: false),
        Row(permitted: Trees(emailAddresses: ["corp.test"]), dns: ["a..corp.test"], isAccepted: true),
        Row(permitted: Trees(emailAddresses: ["corp.test"]), mail: ["corp.test"], isAccepted: false),
        Row(permitted: Trees(emailAddresses: ["corp.test"]), mail: ["@corp.test"], isAccepted: false),
        Row(permitted: Trees(emailAddresses: ["corp.test"]), mail: ["a@b@corp.test"], isAccepted: false),
        Row(excluded: Trees(emailAddresses: ["other.test"]), mail: ["a@corp..test"], isAccepted: false),
        Row(excluded: Trees(emailAddresses: ["other.test"]), mail: ["a b@corp.test"], isAccepted: false),
        // Mailboxes: of a host, of the hosts below a domain, and single ones.
        Row(permitted: Trees(emailAddresses: ["corp.test"]), mail: ["a@CORP.test"], isAccepted: true),
        Row(permitted: Trees(emailAddresses: ["corp.test"]), mail: ["a@sub.corp.test"], isAccepted: false),
        Row(permitted: Trees(emailAddresses: [".corp.test"]), mail: ["a@sub.corp.test"], isAccepted: true),
        Row(permitted: Trees(emailAddresses: [".corp.test"]), mail: ["a@corp.test"], isAccepted: false),
        Row(excluded: Trees(emailAddresses: [".corp.test"]), mail: ["a@sub.Corp.test"], isAccepted: false),
        Row(permitted: Trees(emailAddresses: ["a@corp.test"]), mail: ["a@CORP.test"], isAccepted: true),
        Row(permitted: Trees(emailAddresses: ["a@corp.test"]), mail: ["b@corp.test"], isAccepted: false),
        // Addresses.
        Row(permitted: Trees(ipRanges: ["10.0.0.0/8"]), ip: ["10.1.2.3"], isAccepted: true),
        Row(permitted: Trees(ipRanges: ["10.0.0.0/8"]), ip: ["11.0.0.1"], isAccepted: false),
        Row(permitted: Trees(ipRanges: ["10.0.0.0/8"]), ip: ["2001:db8::1"], isAccepted: false),
        Row(excluded: Trees(ipRanges: ["2001:db8::/32"]), ip: ["2001:db8::1"], isAccepted: false),
        Row(excluded: Trees(ipRanges: ["2001:db8::/32"]), ip: ["10.1.2.3"], isAccepted: true),
        // Hosts of URIs.
        Row(permitted: Trees(uriHosts: ["corp.test"]), uri: ["https://CORP.test:443/x"], isAccepted: true),
        Row(excluded: Trees(uriHosts: ["corp.test"]), uri: ["https://u@corp.test/x"], isAccepted: false),
        Row(permitted: Trees(uriHosts: ["corp.test"]), uri: ["https://sub.corp.test/x"], isAccepted: false),
        Row(permitted: Trees(uriHosts: [".corp.test"]), uri: ["spiffe://sub.corp.test/x"], isAccepted: true),
        Row(excluded: Trees(uriHosts: [".corp.test"]), uri: ["spiffe://sub.Corp.test/x"], isAccepted: false),
        Row(permitted: Trees(uriHosts: ["corp.test"]), uri: ["urn:corp.test"], isAccepted: false),
        Row(excluded: Trees(uriHosts: ["corp.test"]), uri: ["https://10.0.0.1/"], isAccepted: false),
        Row(permitted: Trees(uriHosts: ["corp.test"]), uri: ["https://other.test\\@corp.test/"], isAccepted: false),
        // A common name that an application may take for a host.
        Row(permitted: Trees(dnsNames: ["corp.test"]), commonName: "evil.test", isAccepted: false),
        Row(excluded: Trees(dnsNames: ["corp.test"]), commonName: "a.Corp.test", isAccepted: false),
        Row(permitted: Trees(dnsNames: ["corp.test"]), commonName: "a.corp.test", isAccepted: true),
        Row(permitted: Trees(dnsNames: ["corp.test"]), commonName: "Alice", isAccepted: true),
        Row(permitted: Trees(dnsNames: ["corp.test"]), dns: ["a.corp.test"], commonName: "evil.test", isAccepted: true),
    ]

    @Test("hold for a client's names", arguments: numbers)
    func client(number: Int) throws {
        let row = Self.rows[number]
        let pki = TestPKI([
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(
                name: "mid",
                issuer: "root",
                isCA: true,
                nameConstraints: NameConstraints(permitted: row.permitted, excluded: row.excluded)
            ),
            CertificateRecipe(
                name: "leaf",
                issuer: "mid",
                subject: row.commonName.map { Subject(commonName: $0) },
                dnsNames: row.dns,
                ipAddresses: row.ip,
                uris: row.uri,
                emailAddresses: row.mail
            ),
        ])
        let pair = try Pairing(
            server: serverSettings(pool: pki.pool("root")),
            client: clientSettings(pki.identity("leaf", with: ["mid"]))
        )
        try pair.exchange()
        #expect(pair.isAccepted == row.isAccepted, "\(row)")
        #expect(row.isAccepted || pair.server.failure?.reason == .nameConstraint, "\(row)")
        #expect(row.isAccepted || pair.client.information.alertReceived == .badCertificate, "\(row)")
    }

    @Test("of the anchor itself hold as well, and a wildcard of a server is no way around them")
    func server() throws {
        let pki = TestPKI([
            CertificateRecipe(
                name: "root",
                isCA: true,
                nameConstraints: NameConstraints(excluded: .init(dnsNames: ["admin.corp.test"]))
            ),
            CertificateRecipe(name: "wild", issuer: "root", dnsNames: ["*.corp.test"]),
        ])
        var client = try clientSettings()
        client.rootCAs = try pki.pool("root")
        for name in ["admin.corp.test", "other.corp.test"] {
            client.serverName = try ServerName(name)
            let pair = try Pairing(
                server: serverSettings(.noClientCert, identity: pki.identity("wild")),
                client: client
            )
            try pair.exchange()
            #expect(pair.client.failure?.reason == .nameConstraint, "\(name)")
        }
    }

    /// RFC 5280 section 7.1: directory names compare without regard to string type, letter case and repeated blanks.
    private static let directoryRows: [(leaf: String, authority: String, isAccepted: Bool)] = [
        ("same", "permitted", true), ("same", "excluded", false),
        ("other type and case", "permitted", true), ("other type and case", "excluded", false),
        ("other", "permitted", false), ("other", "excluded", true),
        ("other order", "permitted", false), ("other order", "excluded", true),
        // In the subject alternative names.
        ("alternative", "permitted", false), ("alternative", "excluded", false),
    ]

    @Test("hold for directory names, on both sides", arguments: directoryRows)
    func directoryNames(row: (leaf: String, authority: String, isAccepted: Bool)) throws {
        let key = try PrivateKey(pem: DirectoryNames.key)
        let authority = try DirectoryNames.certificate(row.authority)
        let leaf = try DirectoryNames.certificate("\(row.authority) \(row.leaf)")
        let identity = try Identity(chain: [leaf], privateKey: key)
        let asClient = try Pairing(
            server: serverSettings(pool: CertificatePool([authority])),
            client: clientSettings(identity)
        )
        try asClient.exchange()
        #expect(asClient.isAccepted == row.isAccepted)
        #expect(row.isAccepted || asClient.server.failure?.reason == .nameConstraint)
        var client = try clientSettings()
        client.rootCAs = CertificatePool([authority])
        let asServer = try Pairing(server: serverSettings(.noClientCert, identity: identity), client: client)
        try asServer.exchange()
        #expect(asServer.isAccepted == row.isAccepted)
        #expect(row.isAccepted || asServer.client.failure?.reason == .nameConstraint)
    }
}
