import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("Authorization by identity")
struct AuthorizationTests {
    typealias Rule = AuthorizationRules.Rule

    static let fitting: [Rule] = [
        .commonName("billing"), .organization("Ops"), .uri("spiffe://test/billing"), .dnsName("Billing.TEST"),
        .serialNumber("0abc"), .serialNumber("A:BC"), .spiffeID("spiffe://test/billing"),
        .all([.organization("Ops"), .commonName("billing")]),
    ]
    static let others: [Rule] = [
        .commonName("Billing"), .commonName(""), .organization("ops"), .uri("spiffe://test/billing/"),
        .dnsName("test"), .dnsName("*.test"), .serialNumber("abcd"), .serialNumber(""), .spiffeID("spiffe://test/"),
        .authority(publicKeySHA256: "00"),
        .all([.organization("Ops"), .commonName("valid")]), .all([]),
    ]

    static func identity(_ name: String?, mode: ClientAuth = .requireAndVerifyClientCert) throws -> PeerIdentity? {
        let pair = try BackToBack(server: TestPKI.server(mode), client: TestPKI.client(name))
        try pair.connect()
        try pair.pump()
        return pair.server.events.information?.peerIdentity
    }

    @Test("permits an identity that a rule fits", arguments: fitting)
    func fits(rule: Rule) throws {
        let identity = try #require(try Self.identity("billing"))
        #expect(AuthorizationRules([rule]).permit(identity))
        #expect(AuthorizationRules([.commonName("nobody"), rule]).permit(identity))
    }

    @Test("permits no other one", arguments: others)
    func doesNotFit(rule: Rule) throws {
        #expect(!AuthorizationRules([rule]).permit(try Self.identity("billing")))
    }

    @Test("permits nobody without rules, and nobody without a verified identity")
    func nobody() throws {
        #expect(!AuthorizationRules([]).permit(try Self.identity("billing")))
        let rules = AuthorizationRules([.commonName("billing"), .organization("Ops")])
        #expect(!rules.permit(nil))
        #expect(try Self.identity("billing", mode: .requireAnyClientCert) == nil)
    }

    @Test("answers 403 to a verified identity that isn't on the list, and serves the one that is")
    func forbidden() async throws {
        var options = TestHTTPServer.patientOptions
        options.authorization = AuthorizationRules([.uri("spiffe://test/billing")])
        try await TestHTTPServer.with(options: options) { server in
            let request = "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n"
            let refused = try await server.exchange(request)
            #expect(refused.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(!refused.contains("Hello"))
            let served = try await server.exchange(request, credential: "billing")
            #expect(served.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(served.hasSuffix("Hello, billing! You are authenticated."))
        }
    }

    @Test("answers 403 to the anonymous and the unverified as soon as there are rules")
    func unverified() async throws {
        var options = TestHTTPServer.patientOptions
        options.authorization = AuthorizationRules([.commonName("billing")])
        try await TestHTTPServer.with(.requestClientCert, options: options) { server in
            for credential in ["billing", nil] {
                let request = "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n"
                let response = try await server.exchange(request, credential: credential)
                #expect(response.hasPrefix("HTTP/1.1 403 "))
            }
        }
    }
}
