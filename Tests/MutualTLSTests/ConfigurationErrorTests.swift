import LogCapture
import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Settings are refused before any byte")
struct ConfigurationErrorTests {
    private func refusal<Value>(
        _ body: () throws -> Value,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> MutualTLSError {
        try #require(throws: MutualTLSError.self, sourceLocation: sourceLocation) { _ = try body() }
    }

    @Test("a verifying mode without ClientCAs", arguments: ClientAuth.allCases)
    func missingClientCAs(mode: ClientAuth) throws {
        var settings = try serverSettings(mode)
        settings.clientCAs = nil
        guard mode.verifiesCertificate else {
            _ = try settings.resolve()
            return
        }
        let error = try refusal { try settings.resolve() }
        #expect(error.code == .missingClientCAs)
        #expect(error.blame == .configuration)
        #expect(error.message.hasPrefix(mode.rawValue))
    }

    @Test("a server without identity")
    func missingIdentity() throws {
        let settings = MutualTLSConfiguration.Server(identity: nil, currentTime: clock)
        #expect(try refusal { try settings.resolve() }.code == .missingIdentity)
    }

    @Test("a client without RootCAs or server name, unless it skips verification")
    func clientWithoutTrust() throws {
        var settings = MutualTLSConfiguration.Client(currentTime: clock)
        #expect(try refusal { try settings.resolve() }.code == .missingServerName)
        settings.serverName = try ServerName("server.test")
        #expect(try refusal { try settings.resolve() }.code == .missingRootCAs)
        settings.serverName = nil
        settings.insecureSkipVerify = true
        let lines = LogLines()
        settings.logger = lines.logger
        _ = try settings.resolve()
        #expect(lines.all == ["warning: insecureSkipVerify is set: the server's certificate is not verified"])
    }

    @Test("a lowest version above the highest")
    func versionRange() throws {
        var server = try serverSettings()
        server.minimumVersion = .tls13
        server.maximumVersion = .tls12
        #expect(try refusal { try server.resolve() }.code == .invalidVersionRange)
        var client = try clientSettings()
        client.minimumVersion = .tls13
        client.maximumVersion = .tls12
        #expect(try refusal { try client.resolve() }.code == .invalidVersionRange)
    }

    @Test("an identity that the platform refuses to use")
    func weakIdentity() throws {
        let weak = try shared.identity("rsa-1024")
        let error = try refusal { try serverSettings(identity: weak).resolve() }
        #expect(error.code == .unusableIdentity)
        #expect(error.message.contains("CN=rsa-1024"))
    }

    @Test("names that SNI never carries, and names that come twice")
    func identitiesByName() throws {
        let identity = try shared.identity("server")
        for name in ["127.0.0.1", "", "a b", "*", "*.", "a.*.test"] {
            var settings = try serverSettings()
            settings.identitiesByName = [name: identity]
            #expect(try refusal { try settings.resolve() }.code == .invalidServerName, "\(name)")
        }
        var settings = try serverSettings()
        settings.identitiesByName = ["a.test": identity, "A.test": identity]
        #expect(try refusal { try settings.resolve() }.code == .conflictingSettings)
    }

    @Test("settings beside a manager that has its own")
    func conflicts() throws {
        let manager = CertAuthManager(try shared.identity("server"))
        var server = MutualTLSConfiguration.Server(manager: manager, currentTime: clock)
        server.clientCAs = try shared.pool("root")
        #expect(try refusal { try server.resolve() }.code == .conflictingSettings)
        var client = MutualTLSConfiguration.Client(manager: manager, currentTime: clock)
        client.rootCAs = try shared.pool("root")
        #expect(try refusal { try client.resolve() }.code == .conflictingSettings)
    }

    @Test("ClientCAs beside a mode that doesn't verify, or none in a pool, only warn")
    func warnings() throws {
        let lines = LogLines()
        var settings = try serverSettings(.requireAnyClientCert)
        settings.logger = lines.logger
        _ = try settings.resolve()
        settings.clientAuth = .requireAndVerifyClientCert
        settings.clientCAs = CertificatePool([])
        _ = try settings.resolve()
        #expect(
            lines.all == [
                "warning: ClientCAs are set, and RequireAnyClientCert doesn't verify clients against them",
                "warning: ClientCAs are empty: RequireAndVerifyClientCert refuses every client certificate",
            ]
        )
    }
}
