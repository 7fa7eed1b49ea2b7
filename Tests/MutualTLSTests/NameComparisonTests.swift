import Testing
import ThrowawayPKI

@testable import MutualTLS

@Suite("Names are bytes")
struct NameComparisonTests {
    typealias Rule = AuthorizationRules.Rule

    /// Two authorities, of which the second names an intermediate as the first, and subjects that look alike.
    static let pki = TestPKI([
        CertificateRecipe(name: "root-a", isCA: true, subject: Subject(commonName: "Root A")),
        CertificateRecipe(name: "root-b", isCA: true, subject: Subject(commonName: "Root B")),
        CertificateRecipe(name: "posing", issuer: "root-b", isCA: true, subject: Subject(commonName: "Root A")),
        CertificateRecipe(name: "alice", issuer: "root-a"),
        CertificateRecipe(name: "alice-renewed", issuer: "root-a-renewed", subject: Subject(commonName: "alice")),
        CertificateRecipe(
            name: "root-a-renewed",
            isCA: true,
            subject: Subject(commonName: "Root A"),
            keyOf: "root-a",
            serial: [0x42]
        ),
        CertificateRecipe(name: "posed", issuer: "posing", subject: Subject(commonName: "alice")),
        CertificateRecipe(
            name: "kelvin",
            issuer: "root-a",
            subject: Subject(commonName: "\u{212A}ING", organization: "A\u{30A}ngstrom")
        ),
        CertificateRecipe(
            name: "king",
            issuer: "root-a",
            subject: Subject(commonName: "KING"),
            dnsNames: ["King.TEST"]
        ),
        CertificateRecipe(name: "svid", issuer: "root-a", uris: ["spiffe://test/billing"]),
        CertificateRecipe(name: "two-ids", issuer: "root-a", uris: ["spiffe://test/billing", "spiffe://test/admin"]),
        CertificateRecipe(name: "id-and-uri", issuer: "root-a", uris: ["spiffe://test/billing", "https://test/"]),
        CertificateRecipe(
            name: "signing",
            issuer: "root-a",
            uris: ["spiffe://test/billing"],
            keyUsages: ["digitalSignature", "keyCertSign"]
        ),
        CertificateRecipe(
            name: "listing",
            issuer: "root-a",
            uris: ["spiffe://test/billing"],
            keyUsages: ["digitalSignature", "cRLSign"]
        ),
        CertificateRecipe(
            name: "authority",
            issuer: "root-a",
            isCA: true,
            uris: ["spiffe://test/billing"],
            keyUsages: ["digitalSignature"]
        ),
        CertificateRecipe(name: "upper", issuer: "root-a", uris: ["SPIFFE://test/billing"]),
        CertificateRecipe(name: "domain", issuer: "root-a", uris: ["spiffe://Test/billing"]),
        CertificateRecipe(name: "dots", issuer: "root-a", uris: ["spiffe://test/../billing"]),
        CertificateRecipe(name: "query", issuer: "root-a", uris: ["spiffe://test/billing?x"]),
        CertificateRecipe(name: "slash", issuer: "root-a", uris: ["spiffe://test/billing/"]),
        CertificateRecipe(name: "web", issuer: "root-a", uris: ["https://test/a", "https://test/b"]),
    ])

    static func identity(_ name: String, with others: [String] = []) throws -> PeerIdentity? {
        let pool = try pki.pool("root-a", "root-b", "root-a-renewed")
        let pair = try Pairing(
            server: serverSettings(pool: pool),
            client: clientSettings(pki.identity(name, with: others))
        )
        try pair.exchange()
        #expect(pair.isAccepted)
        return pair.server.information.peerIdentity
    }

    @Test("An authority is its key, and not a name that another authority gives to an intermediate")
    func authority() throws {
        let rootA = try Self.pki.certificate("root-a")
        let rules: [Rule] = [
            .all([.commonName("alice"), .authority(rootA)]),
            .all([.commonName("alice"), .authority(publicKeySHA256: rootA.publicKeySHA256Hexadecimal.uppercased())]),
            .all([.commonName("alice"), .authorityCertificate(sha256: rootA.sha256Hexadecimal)]),
        ]
        let honest = try #require(try Self.identity("alice"))
        let posed = try #require(try Self.identity("posed", with: ["posing"]))
        #expect(honest.certificate.issuer == posed.certificate.issuer)
        for rule in rules {
            #expect(AuthorizationRules([rule]).permit(honest))
            #expect(!AuthorizationRules([rule]).permit(posed))
        }
        #expect(AuthorizationRules([.authority(try Self.pki.certificate("root-b"))]).permit(posed))
        #expect(!AuthorizationRules([.authority(publicKeySHA256: "")]).permit(honest))
    }

    @Test("An authority that renews its certificate with its key stays itself")
    func renewedAuthority() throws {
        let pool = try Self.pki.pool("root-a-renewed")
        let pair = try Pairing(
            server: serverSettings(pool: pool),
            client: clientSettings(Self.pki.identity("alice-renewed"))
        )
        try pair.exchange()
        let identity = pair.server.information.peerIdentity
        #expect(AuthorizationRules([.authority(try Self.pki.certificate("root-a"))]).permit(identity))
        let exact = Rule.authorityCertificate(sha256: try Self.pki.certificate("root-a").sha256Hexadecimal)
        #expect(!AuthorizationRules([exact]).permit(identity))
    }

    @Test("Letters that Unicode calls equal name different subjects")
    func unicode() throws {
        let kelvin = try #require(try Self.identity("kelvin"))
        #expect(!AuthorizationRules([.commonName("KING")]).permit(kelvin))
        #expect(AuthorizationRules([.commonName("\u{212A}ING")]).permit(kelvin))
        #expect(!AuthorizationRules([.organization("\u{C5}ngstrom")]).permit(kelvin))
        #expect(AuthorizationRules([.organization("A\u{30A}ngstrom")]).permit(kelvin))
        let king = try #require(try Self.identity("king"))
        #expect(!AuthorizationRules([.commonName("\u{212A}ING")]).permit(king))
        #expect(!AuthorizationRules([.dnsName("\u{212A}ing.test")]).permit(king))
        #expect(AuthorizationRules([.dnsName("kING.test")]).permit(king))
    }

    @Test("A server name with a letter beside ASCII chooses no identity of a name that looks alike")
    func serverName() throws {
        let identity = try shared.identity("server")
        var settings = MutualTLSConfiguration.Server(identity: identity)
        settings.identitiesByName = [
            "bank.test": try shared.identity("server-2"), "*.kiosk.test": try shared.identity("client"),
        ]
        let selector = try IdentitySelector(settings, defaultIdentity: identity)
        #expect(selector.identity(for: "BANK.test")?.certificate == (try shared.certificate("server-2")))
        #expect(selector.identity(for: "ban\u{212A}.test")?.certificate == (try shared.certificate("server")))
        #expect(selector.identity(for: "a.kios\u{212A}.test")?.certificate == (try shared.certificate("server")))
    }

    @Test("A leaf with bytes outside ASCII in a DNS name is refused, on both sides")
    func malformedName() throws {
        let certificate = try Certificate(pem: kelvinAlternativeName)
        #expect(certificate.dnsNames == ["bank.example"])
        let identity = try Identity(chain: [certificate], privateKey: PrivateKey(pem: kelvinAlternativeName))
        let pool = CertificatePool([certificate])
        let asClient = try Pairing(server: serverSettings(pool: pool), client: clientSettings(identity))
        try asClient.exchange()
        #expect(asClient.server.failure?.reason == .badCertificate)
        #expect(asClient.server.failure?.alertSent == .badCertificate)
        var client = try clientSettings()
        client.rootCAs = pool
        client.serverName = try ServerName("bank.example")
        let asServer = try Pairing(server: serverSettings(.noClientCert, identity: identity), client: client)
        try asServer.exchange()
        #expect(asServer.client.failure?.reason == .badCertificate)
    }

    @Test("Two common names are none")
    func twoCommonNames() throws {
        let certificate = try Certificate(pem: twoCommonNamesPEM)
        #expect(certificate.commonNames == ["alice", "bob"])
        #expect(certificate.commonName == nil)
        let identity = try Identity(chain: [certificate], privateKey: PrivateKey(pem: twoCommonNamesPEM))
        let pair = try Pairing(
            server: serverSettings(pool: CertificatePool([certificate])),
            client: clientSettings(identity)
        )
        try pair.exchange()
        let peer = try #require(pair.server.information.peerIdentity)
        #expect(!AuthorizationRules([.commonName("alice"), .commonName("bob"), .commonName("")]).permit(peer))
        #expect(peer.displayName == "CN=bob,CN=alice")
    }

    @Test("An X509-SVID has one URI, and no power to sign")
    func spiffe() throws {
        let rules = AuthorizationRules([.spiffeID("spiffe://test/billing")])
        let uris = AuthorizationRules([.uri("spiffe://test/billing"), .uri("SPIFFE://test/billing")])
        #expect(try Self.pki.certificate("svid").spiffeID == "spiffe://test/billing")
        for name in ["svid", "web", "alice"] { #expect(try Self.pki.certificate(name).spiffeDefect == nil, "\(name)") }
        #expect(rules.permit(try Self.identity("svid")))
        #expect(uris.permit(try Self.identity("svid")))
        for name in ["two-ids", "id-and-uri", "signing", "listing", "authority", "upper", "dots", "query", "slash"] {
            #expect(try Self.pki.certificate(name).spiffeID == nil, "\(name)")
            #expect(try Self.pki.certificate(name).spiffeDefect != nil, "\(name)")
            let identity = try #require(try Self.identity(name))
            #expect(!rules.permit(identity), "\(name)")
            #expect(!uris.permit(identity), "\(name)")
        }
        #expect(try Self.pki.certificate("domain").spiffeID == nil)
        #expect(AuthorizationRules([.uri("https://test/b")]).permit(try Self.identity("web")))
    }
}
