import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing
import ThrowawayPKI

@Suite("Identity over HTTP with sessions")
struct ResumedIdentityTests {
    static let request = "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n"

    /// How a server keeps its sessions.
    enum Tickets: CaseIterable {
        case kept
        case sealed
        case shared

        var policy: ServerSessionPolicy {
            switch self {
            case .kept: .scoped()
            case .sealed: .scoped(capacity: 0)
            case .shared: .scoped(ticketKeys: .shared(secret: Array(repeating: 7, count: 32)))
            }
        }
    }

    static func client(
        _ credential: String?,
        _ version: TLSVersion,
        name: String = "server.test"
    ) throws -> MutualTLSClient {
        var settings = MutualTLSConfiguration.Client(
            identity: try credential.map(TestPKI.identity),
            currentTime: TestPKI.clock
        )
        settings.rootCAs = try TestPKI.pool("root")
        settings.serverName = try ServerName(name)
        settings.minimumVersion = version
        settings.maximumVersion = version
        settings.sessions = .scoped()
        return try settings.resolve()
    }

    static let echo: HTTPServer.Handler = { request in
        let chain = request.peer?.verifiedChain.map { $0.commonName ?? "?" }.joined(separator: "<") ?? "nobody"
        return .text("\(chain) \(request.connection.didResume ? "resumed" : "full")\n")
    }

    @Test(
        "A resumed client is authorized as on its first connection",
        arguments: TLSVersion.allCases,
        Tickets.allCases
    )
    func authorized(version: TLSVersion, tickets: Tickets) async throws {
        var options = TestHTTPServer.patientOptions
        options.authorization = AuthorizationRules([
            .all([
                .spiffeID("spiffe://test/billing"), .authority(try #require(TestPKI.pool("root").certificates.first)),
            ]),
            .commonName("deep"),
        ])
        try await TestHTTPServer.with(
            version: version,
            options: options,
            handler: Self.echo,
            settings: { $0.sessions = tickets.policy }
        ) { server in
            for (credential, chain) in [("billing", "billing<root"), ("deep", "deep<middle<root")] {
                let client = try Self.client(credential, version)
                let first = try await server.exchange(Self.request, client)
                #expect(first.hasPrefix("HTTP/1.1 200 ") && first.hasSuffix("\(chain) full\n"), "\(first)")
                for _ in 0..<2 {
                    let resumed = try await server.exchange(Self.request, client)
                    #expect(resumed.hasPrefix("HTTP/1.1 200 ") && resumed.hasSuffix("\(chain) resumed\n"), "\(resumed)")
                }
            }
            // Another identity of the same authority is refused, resumed or not.
            let other = try Self.client("valid", version)
            for _ in 0..<2 {
                #expect(try await server.exchange(Self.request, other).hasPrefix("HTTP/1.1 403 "))
            }
        }
    }

    @Test("A client without a certificate stays anonymous when it resumes", arguments: TLSVersion.allCases)
    func anonymous(version: TLSVersion) async throws {
        try await TestHTTPServer.with(
            .verifyClientCertIfGiven,
            version: version,
            handler: Self.echo,
            settings: { $0.sessions = .scoped() }
        ) { server in
            let client = try Self.client(nil, version)
            #expect(try await server.exchange(Self.request, client).hasSuffix("nobody full\n"))
            #expect(try await server.exchange(Self.request, client).hasSuffix("nobody resumed\n"))
        }
    }

    @Test("A session of one name is never resumed under another", arguments: TLSVersion.allCases)
    func hosts(version: TLSVersion) async throws {
        try await TestHTTPServer.with(
            version: version,
            handler: Self.echo,
            settings: {
                $0.sessions = .scoped()
                $0.identitiesByName = ["named.test": try TestPKI.identity("named")]
            }
        ) { server in
            let one = try Self.client("valid", version)
            let other = try Self.client("valid", version, name: "named.test")
            #expect(try await server.exchange(Self.request, one).hasSuffix("valid<root full\n"))
            other.importForTest(one)
            let request = Self.request.replacing("server.test", with: "named.test")
            #expect(try await server.exchange(request, other).hasSuffix("valid<root full\n"))
            #expect(try await server.exchange(request, other).hasSuffix("valid<root resumed\n"))
            #expect(try await server.exchange(Self.request, one).hasSuffix("valid<root resumed\n"))
        }
    }
}

extension MutualTLSClient {
    /// Takes over what another client keeps.
    fileprivate func importForTest(_ other: MutualTLSClient) {
        do {
            try importSessions(other.exportSessions())
        } catch {
            Issue.record("\(error)")
        }
    }
}
