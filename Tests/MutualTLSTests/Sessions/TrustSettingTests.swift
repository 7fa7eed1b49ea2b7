import Testing

@testable import MutualTLS

@Suite("Settings that decide about trust")
struct TrustSettingTests {
    /// The settings that trust doesn't hang on, and why.
    static let others = [
        "sessions": "whether sessions are kept, which is asked before there is a scope",
        "currentTime": "each session is judged by the clock when it is offered",
        "logger": "it is told, and decides nothing",
        "keyLog": "it is told, and decides nothing",
        "authManager": "what is taken of it stands under identity, mode, pools and name",
        "dialedName": "it stands in for the name, under which it is listed",
        "poolPolicy": "what is taken, and when, stands under mode, pools and name",
        "decisions": "the library's own answers",
        "applicationProtocols": "a session's protocol is negotiated afresh, and no peer is trusted by it",
    ]

    @Test("Each setting is in the list of those that bind sessions, or has a reason not to be")
    func completeness() throws {
        let server = Mirror(reflecting: try serverSettings()).children.compactMap(\.label)
        let client = Mirror(reflecting: try clientSettings()).children.compactMap(\.label)
        #expect(server.count > 10 && client.count > 10)
        let listed = Set(TrustSetting.allCases.map(\.rawValue))
        for name in server + client {
            #expect(listed.contains(name) != (Self.others[name] != nil), "\(name)")
        }
        #expect(listed.subtracting(server + client).isEmpty)
        #expect(Set(Self.others.keys).subtracting(server + client).isEmpty)
    }

    /// A change of each setting of a server; what stands in another's value has none.
    static let serverChanges: [TrustSetting: @Sendable (inout MutualTLSConfiguration.Server) throws -> Void] = [
        .minimumVersion: { $0.minimumVersion = .tls13 },
        .maximumVersion: { $0.maximumVersion = .tls12 },
        .securityLevel: { $0.securityLevel = 1 },
        .identity: { $0.identity = try shared.identity("server-2") },
        .identitiesByName: { $0.identitiesByName = ["server.test": try shared.identity("server-2")] },
        .hosts: {
            $0.hosts = ["server.test": .init(identity: try shared.identity("server"), clientAuth: .requestClientCert)]
        },
        .clientAuth: { $0.clientAuth = .requestClientCert },
        .clientCAs: { $0.clientCAs = try shared.pool("other-root") },
        .acceptableCANames: { $0.acceptableCANames = .none },
        .revocation: { $0.revocation = .leaf([try shared.crl("root-crl")]) },
    ]

    @Test("A server's sessions are of another scope after each change", arguments: serverChanges.keys)
    func server(setting: TrustSetting) throws {
        let settings = try serverSettings()
        var changed = settings
        let change = try #require(Self.serverChanges[setting])
        try change(&changed)
        let scope = try scope(settings)
        #expect(try self.scope(settings) == scope, "without a change it is the same")
        #expect(try self.scope(changed) != scope)
        #expect(try self.scope(settings, "other.test") != scope, "the name that the client asks for binds too")
    }

    @Test("Strictness about names is no part of the scope: a name that is refused gets no further")
    func strictness() throws {
        var settings = try serverSettings()
        let scope = try scope(settings)
        settings.strictSNI = true
        #expect(try self.scope(settings) == scope)
        #expect(try settings.resolve().plan.snapshot(for: "unknown.test") == nil)
    }

    static let clientChanges: [TrustSetting: @Sendable (inout MutualTLSConfiguration.Client) throws -> Void] = [
        .minimumVersion: { $0.minimumVersion = .tls13 },
        .maximumVersion: { $0.maximumVersion = .tls12 },
        .securityLevel: { $0.securityLevel = 1 },
        .identity: { $0.identity = try shared.identity("client") },
        .rootCAs: { $0.rootCAs = try shared.pool("other-root") },
        .insecureSkipVerify: { $0.insecureSkipVerify = true },
        .presents: { $0.presents = .matchingAcceptableCAs },
        .serverName: { $0.serverName = try ServerName("127.0.0.1") },
        .serverNameIndication: { $0.serverNameIndication = .none },
        .revocation: { $0.revocation = .leaf([try shared.crl("root-crl")]) },
    ]

    @Test("A client's sessions are of another scope after each change", arguments: clientChanges.keys)
    func client(setting: TrustSetting) throws {
        let settings = try clientSettings()
        var changed = settings
        let change = try #require(Self.clientChanges[setting])
        try change(&changed)
        let scope = try settings.resolve().plan.currentSnapshot().scope
        #expect(try settings.resolve().plan.currentSnapshot().scope == scope, "without a change it is the same")
        #expect(try changed.resolve().plan.currentSnapshot().scope != scope)
    }

    @Test("Each setting in the list is changed by one of these tests, but for strictness about names and policies")
    func coverage() {
        let changed = Set(Self.serverChanges.keys).union(Self.clientChanges.keys)
        #expect(Set(TrustSetting.allCases).subtracting(changed) == [.strictSNI, .defaultPolicyMayBeWeaker])
    }

    private func scope(
        _ settings: MutualTLSConfiguration.Server,
        _ name: String = "server.test"
    ) throws -> SessionScope {
        try #require(try settings.resolve().plan.snapshot(for: name)).scope
    }
}
