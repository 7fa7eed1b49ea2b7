import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("Hosts, sessions and authorization over HTTP")
struct HostAuthorizationTests {
    /// The end of an attempt, in the handshake or with a status.
    enum Outcome: Equatable, CustomStringConvertible {
        case refused
        case answered(status: Int, by: String?)

        var description: String {
            switch self {
            case .refused: "refused in the handshake"
            case .answered(let status, let body): "\(status) \(body ?? "")"
            }
        }
    }

    /// The list of those who may ask, whatever the host: one of each authority.
    static let rules = AuthorizationRules([.commonName("billing"), .commonName("untrusted")])

    static let echo: HTTPServer.Handler = { request in
        .text(
            "\(request.peer?.certificate.commonName ?? "nobody") \(request.connection.didResume ? "resumed" : "full")"
        )
    }

    /// The authority that each host asks for: `open.test` has the default policy, which verifies whoever shows something.
    static let table: [(host: String, outcomes: [(credential: String?, status: Int?)])] = [
        ("open.test", [(nil, 403), ("billing", 200), ("valid", 403), ("untrusted", nil), ("expired", nil)]),
        ("admin.test", [(nil, nil), ("billing", 200), ("valid", 403), ("untrusted", nil), ("expired", nil)]),
        ("a.wild.test", [(nil, 403), ("billing", nil), ("valid", nil), ("untrusted", 200), ("expired", nil)]),
    ]

    static func with(
        _ version: TLSVersion,
        _ tickets: ResumedIdentityTests.Tickets,
        _ body: (TestHTTPServer, CertAuthManager) async throws -> Void
    ) async throws {
        let admin = CertAuthManager(
            try TestPKI.identity("admin"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try TestPKI.pool("root")
        )
        var options = TestHTTPServer.patientOptions
        options.authorization = rules
        try await TestHTTPServer.with(
            .verifyClientCertIfGiven,
            version: version,
            options: options,
            handler: echo,
            settings: {
                $0.sessions = tickets.policy
                $0.defaultPolicyMayBeWeaker = true
                $0.hosts = [
                    "admin.test": .init(manager: admin),
                    "*.wild.test": try .init(
                        identity: TestPKI.identity("wild"),
                        clientAuth: .verifyClientCertIfGiven,
                        clientCAs: TestPKI.pool("other-root")
                    ),
                ]
            },
            { try await body($0, admin) }
        )
    }

    static func ask(_ server: TestHTTPServer, _ client: MutualTLSClient, _ host: String) async -> Outcome {
        let request = "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
        guard let answer = try? await server.exchange(request, client), answer.hasPrefix("HTTP/1.1 "),
            let status = Int(answer.dropFirst("HTTP/1.1 ".count).prefix(3))
        else { return .refused }
        return .answered(
            status: status,
            by: status == 200 ? answer.split(separator: "\r\n").last.map(String.init) : nil
        )
    }

    @Test(
        "Each host lets in its own clients, and of them those on the list, resumed or not",
        arguments: TLSVersion.allCases,
        ResumedIdentityTests.Tickets.allCases
    )
    func table(version: TLSVersion, tickets: ResumedIdentityTests.Tickets) async throws {
        try await Self.with(version, tickets) { server, _ in
            for (host, outcomes) in Self.table {
                for (credential, status) in outcomes {
                    let client = try MisdirectedRequestTests.client(host, version, as: credential)
                    for handshake in ["full", "resumed"] {
                        let expected = status.map { status in
                            Outcome.answered(
                                status: status,
                                by: status == 200 ? "\(credential ?? "") \(handshake)" : nil
                            )
                        }
                        let outcome = await Self.ask(server, client, host)
                        #expect(outcome == expected ?? .refused, "\(host), \(credential ?? "anonymous"), \(handshake)")
                    }
                }
            }
        }
    }

    @Test(
        "A session opens no other host, and none whose authorities were changed",
        arguments: TLSVersion.allCases,
        ResumedIdentityTests.Tickets.allCases
    )
    func sessions(version: TLSVersion, tickets: ResumedIdentityTests.Tickets) async throws {
        try await Self.with(version, tickets) { server, admin in
            func client(_ host: String) throws -> MutualTLSClient {
                try MisdirectedRequestTests.client(host, version, as: "billing")
            }
            let open = try client("open.test")
            let administrator = try client("admin.test")
            #expect(await Self.ask(server, open, "open.test") == .answered(status: 200, by: "billing full"))
            #expect(await Self.ask(server, administrator, "admin.test") == .answered(status: 200, by: "billing full"))
            // The session of the open host is offered to the others.
            for (host, expected) in [
                ("admin.test", Outcome.answered(status: 200, by: "billing full")), ("a.wild.test", .refused),
            ] {
                let thief = try client(host)
                try thief.importSessions(open.exportSessions())
                #expect(await Self.ask(server, thief, host) == expected, "\(host)")
            }
            admin.setClientAuth(.requireAndVerifyClientCert, clientCAs: try TestPKI.pool("other-root"))
            #expect(await Self.ask(server, administrator, "admin.test") == .refused)
            #expect(await Self.ask(server, open, "open.test") == .answered(status: 200, by: "billing resumed"))
            admin.setClientAuth(.requireAndVerifyClientCert, clientCAs: try TestPKI.pool("root"))
            #expect(await Self.ask(server, administrator, "admin.test") == .answered(status: 200, by: "billing full"))
        }
    }
}
