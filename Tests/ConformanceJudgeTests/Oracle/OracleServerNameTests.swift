import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("The oracle on server names")
struct OracleServerNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var dnsNames: [String] = []
        var ipAddresses: [String] = []
        var commonName = "server"
        var serverName: String
        var reasons: [String] = []

        var testDescription: String { "\(dnsNames + ipAddresses) (CN \(commonName)) as \(serverName)" }
    }

    static let rows: [Row] = [
        Row(dnsNames: ["server.test"], serverName: "server.test"),
        Row(dnsNames: ["server.test"], serverName: "SERVER.TEST"),
        Row(dnsNames: ["SERVER.Test"], serverName: "server.test"),
        Row(dnsNames: ["server.test"], serverName: "server.test."),
        Row(dnsNames: ["server.test"], serverName: "server.test..", reasons: ["invalid-server-name"]),
        Row(dnsNames: ["server.test"], serverName: ".server.test", reasons: ["invalid-server-name"]),
        Row(dnsNames: ["server.test"], serverName: "bücher.test", reasons: ["invalid-server-name"]),
        Row(dnsNames: ["server.test"], serverName: "", reasons: ["no-server-name"]),
        Row(dnsNames: ["server.test."], serverName: "server.test", reasons: ["name-mismatch"]),
        Row(dnsNames: ["server.test"], serverName: "other.test", reasons: ["name-mismatch"]),
        Row(dnsNames: ["*.example.test"], serverName: "a.example.test"),
        Row(dnsNames: ["*.example.test"], serverName: "a.b.example.test", reasons: ["name-mismatch"]),
        Row(dnsNames: ["*.example.test"], serverName: "example.test", reasons: ["name-mismatch"]),
        Row(dnsNames: ["*.test"], serverName: "a.test", reasons: ["name-mismatch"]),
        Row(dnsNames: ["*"], serverName: "localhost", reasons: ["name-mismatch"]),
        Row(dnsNames: ["f*.example.test"], serverName: "foo.example.test", reasons: ["name-mismatch"]),
        Row(ipAddresses: ["127.0.0.1"], serverName: "127.0.0.1"),
        Row(ipAddresses: ["::1"], serverName: "::1"),
        Row(ipAddresses: ["::1"], serverName: "[::1]"),
        Row(ipAddresses: ["127.0.0.1"], serverName: "127.0.0.2", reasons: ["name-mismatch"]),
        Row(dnsNames: ["127.0.0.1"], serverName: "127.0.0.1", reasons: ["name-mismatch"]),
        Row(commonName: "server.test", serverName: "server.test", reasons: ["name-mismatch"]),
        Row(commonName: "127.0.0.1", serverName: "127.0.0.1", reasons: ["name-mismatch"]),
        Row(
            ipAddresses: ["127.0.0.1"],
            commonName: "server.test",
            serverName: "server.test",
            reasons: ["name-mismatch"]
        ),
        Row(dnsNames: ["xn--bcher-kva.test"], serverName: "xn--bcher-kva.test"),
        Row(dnsNames: ["my_node.test"], serverName: "my_node.test"),
        Row(dnsNames: ["localhost"], serverName: "localhost"),
    ]

    @Test("Each name gets the outcome of RFC 9525", arguments: rows)
    func name(row: Row) {
        var fixture = CaseFixture()
        fixture.certificates["server"]?.dnsNames = row.dnsNames
        fixture.certificates["server"]?.ipAddresses = row.ipAddresses
        fixture.certificates["server"]?.commonName = row.commonName
        fixture.client.serverName = row.serverName
        #expect(fixture.outcome?.reasons == row.reasons)
    }

    @Test("InsecureSkipVerify accepts any name that can be sent, and nothing counts as verified", arguments: rows)
    func insecure(row: Row) throws {
        var fixture = CaseFixture()
        fixture.certificates["server"]?.dnsNames = row.dnsNames
        fixture.client.serverName = row.serverName
        fixture.client.insecureSkipVerify = true
        let isInvalid = row.reasons == ["invalid-server-name"]
        let expectation = try #require(Oracle().expectation(for: fixture.conformanceCase).connections.first)
        #expect(expectation.outcome.decision == (isInvalid ? .configurationError : .accepted))
        if !isInvalid { #expect(expectation.client.verified == false) }
    }

    @Test(
        "A host name is sent without its dot, an address not at all",
        arguments: [
            ("server.test", "server.test"), ("server.test.", "server.test"), ("127.0.0.1", "none"), ("[::1]", "none"),
        ]
    )
    func nameOnTheWire(serverName: String, sent: String) {
        var fixture = CaseFixture()
        fixture.client.serverName = serverName
        fixture.client.insecureSkipVerify = true
        #expect(Oracle().expectation(for: fixture.conformanceCase).connections.first?.server.sni == sent)
    }

    @Test(
        "The identity follows server_name: exact before wildcard before default, and strict refuses",
        arguments: [
            ("a.example.test", "exact", false), ("A.Example.Test", "exact", false), ("b.example.test", "wild", false),
            ("x.b.example.test", "server", false), ("x.b.example.test", "refused", true), ("127.0.0.1", "server", true),
        ]
    )
    func identityByName(serverName: String, served: String, isStrict: Bool) {
        var fixture = CaseFixture()
        for name in ["exact", "wild"] {
            fixture.certificates[name] = CaseFixture.certificate(name, issuer: "root")
        }
        fixture.server.identitiesByName = ["a.example.test": "exact", "*.example.test": "wild"]
        fixture.server.strictSNI = isStrict
        fixture.client.serverName = serverName
        fixture.client.insecureSkipVerify = true
        let connection = Oracle().expectation(for: fixture.conformanceCase).connections.first
        if served == "refused" {
            #expect(connection?.outcome.alerts == [.unrecognizedName])
        } else {
            #expect(connection?.client.received == served)
        }
    }
}
