import MutualTLS
import Testing

@testable import bogo_shim

@Suite("The shim's settings")
struct ShimEndpointTests {
    @Test(
        "turn the runner's flags into the mode of a server",
        arguments: [
            ([], ClientAuth.noClientCert),
            (["-verify-fail"], .noClientCert),
            (["-verify-peer"], .requestClientCert),
            (["-require-any-client-certificate"], .requireAnyClientCert),
            (["-require-any-client-certificate", "-verify-peer"], .requireAnyClientCert),
            (["-verify-peer", "-verify-fail"], .verifyClientCertIfGiven),
            (["-require-any-client-certificate", "-verify-fail"], .requireAndVerifyClientCert),
        ]
    )
    func modes(flags: [String], mode: ClientAuth) throws {
        let settings = try server(flags)
        #expect(settings.clientAuth == mode)
        #expect(settings.clientCAs == (mode.verifiesCertificate ? CertificatePool([]) : nil))
        _ = try settings.resolve()
    }

    @Test("verify against the trusted certificate, unless verification is to fail")
    func trust() throws {
        let root = ShimPKI.shared.certificate("root")
        let verifying = try server(["-verify-peer", "-trust-cert", root])
        #expect(verifying.clientAuth == .verifyClientCertIfGiven)
        #expect(verifying.clientCAs == (try ShimPKI.shared.pool("root")))

        let required = try server(["-require-any-client-certificate", "-trust-cert", root, "-verify-fail"])
        #expect(required.clientAuth == .requireAndVerifyClientCert)
        #expect(required.clientCAs == CertificatePool([]))

        let client = try client(["-verify-peer", "-trust-cert", root, "-host-name", "server.test"])
        #expect(client.rootCAs == (try ShimPKI.shared.pool("root")))
        #expect(client.serverName?.description == "server.test")
        #expect(!client.insecureSkipVerify)
    }

    @Test("let a client accept any server, unless verification is to fail")
    func clients() throws {
        #expect(try client([]).insecureSkipVerify)
        #expect(try client(["-verify-peer"]).insecureSkipVerify)
        #expect(try client(["-verify-fail"]).insecureSkipVerify)
        let failing = try client(["-verify-peer", "-verify-fail"])
        #expect(!failing.insecureSkipVerify)
        #expect(failing.rootCAs == CertificatePool([]))
        #expect(failing.serverName?.sni == nil)
        _ = try failing.resolve()
    }

    @Test("take identities and versions over")
    func identities() throws {
        #expect(try client([]).identity == nil)
        let client = try client(ShimPKI.shared.flags(for: "client") + ["-no-tls12"])
        #expect(client.identity?.identity.chain == (try ShimPKI.shared.identity("client")).chain)
        #expect(client.minimumVersion == .tls13)
        let server = try server(["-max-version", "771"])
        #expect(server.identity?.identity.certificate == (try ShimPKI.shared.identity("server")).certificate)
        #expect(server.maximumVersion == .tls12)
    }

    @Test("say which file is missing")
    func missingFile() throws {
        let error = try #require(throws: (any Error).self) {
            try client(["-cert-file", "/nowhere.pem", "-key-file", "/nowhere.key"])
        }
        #expect("\(error)".contains("/nowhere.pem"))
    }

    private func server(_ flags: [String]) throws -> MutualTLSConfiguration.Server {
        try ShimEndpoint.serverSettings(
            parse(["-server"] + ShimPKI.shared.flags(for: "server") + flags).initial,
            ticketKeys: .random(),
            clock: clock
        )
    }

    private func client(_ flags: [String]) throws -> MutualTLSConfiguration.Client {
        try ShimEndpoint.clientSettings(parse(flags).initial, clock: clock)
    }
}
