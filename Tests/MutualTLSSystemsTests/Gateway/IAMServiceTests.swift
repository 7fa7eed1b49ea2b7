import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import MutualTLSSystems
import NIOCore
import NIOHTTP1
import PeerPrograms
import Testing

@Suite(
    "An IAM service behind mutual TLS",
    .enabled(if: PeerProgram.isInstalled("openssl"), "openssl is not installed: apt-get install openssl")
)
struct IAMServiceTests {
    @Test("serves a signed request of a caller with the certificate")
    func accepted() async throws {
        try await GatewayTests.with { gateway, _, _ in
            let response = try await gateway.sendToServer(.POST, path: "/login?x=1", body: ByteBuffer(string: "alice"))
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == "nuxt-gateway /login?x=1 alice")
        }
    }

    @Test("answers 401 to the right certificate with a wrong secret, an unknown name, or no signature")
    func wrongSecret() async throws {
        for hmac in [
            GatewaySettings.HMAC(enableHmac: true, clientId: "nuxt", sharedSecret: "Secret"),
            GatewaySettings.HMAC(enableHmac: true, clientId: "other", sharedSecret: "secret"),
            GatewaySettings.HMAC(enableHmac: false, clientId: "nuxt", sharedSecret: "secret"),
        ] {
            try await GatewayTests.with(hmac: hmac) { gateway, _, _ in
                let response = try await gateway.sendToServer(.GET, path: "/users")
                #expect(response.status == .unauthorized)
                #expect(!String(buffer: response.body).contains("nuxt-gateway"))
            }
        }
    }

    @Test("refuses the right secret without a certificate in the handshake", arguments: TLSVersion.allCases)
    func noCertificate(version: TLSVersion) async throws {
        try await GatewayTests.with { _, server, pki in
            var settings = MutualTLSConfiguration.Client(currentTime: systemClock)
            settings.maximumVersion = version
            settings.rootCAs = try CertificatePoolFiles(pki.folder.path("ca.crt")).load()
            let agent = HTTPAgent(settings)
            // The signature is right, and nobody reads it.
            let origin = HTTPAgent.Origin(host: "127.0.0.1", port: server.port)
            let request = HTTPAgent.Request(.GET, origin, path: "/users", headers: try await Self.signed("/users"))
            let failure = await #expect(throws: ConnectionFailure.self) { try await agent.execute(request) }
            #expect(failure?.alertReceived == (version == .tls12 ? .handshakeFailure : .certificateRequired))
            await agent.close()
        }
    }

    @Test("refuses a signature of another request, and one that is too old")
    func otherRequest() async throws {
        try await GatewayTests.with { gateway, server, _ in
            let agent = try #require(try gateway.getAuthAgent(botDetector: false))
            let origin = HTTPAgent.Origin(host: "127.0.0.1", port: server.port)
            func status(_ path: String, _ headers: HTTPHeaders) async throws -> HTTPResponseStatus {
                try await agent.execute(HTTPAgent.Request(.GET, origin, path: path, headers: headers)).status
            }
            let same = try await status("/users", try await Self.signed("/users"))
            #expect(same == .ok)
            let other = try await status("/admins", try await Self.signed("/users"))
            #expect(other == .unauthorized)
            let old = try await status("/users", try await Self.signed("/users", age: 301))
            #expect(old == .unauthorized)
            let future = try await status("/users", try await Self.signed("/users", age: -400))
            #expect(future == .unauthorized)
            let absurd = try await status("/users", try await Self.signed("/users", age: nil))
            #expect(absurd == .unauthorized)
            await agent.close()
        }
    }

    @Test("shows no secret in descriptions")
    func secrets() {
        let hmac = GatewaySettings.HMAC(enableHmac: true, clientId: "nuxt", sharedSecret: "hidden")
        let service = IAMService(secrets: ["nuxt": "hidden"], currentTime: systemClock)
        var dumped = ""
        dump(hmac, to: &dumped)
        dump(service, to: &dumped)
        #expect(!"\(dumped)\(hmac)\(service)".contains("hidden"))
    }

    /// The headers of a signed GET: an implementation of its own, by openssl's command of the same name.
    private static func signed(_ path: String, age: Int64? = 0) async throws -> HTTPHeaders {
        let time = age.map { systemClock().secondsSinceEpoch - $0 } ?? .min
        let openssl = try #require(PeerProgram("sh"))
        let outcome = try await openssl.run(
            ["-c", "printf 'GET\\n\(path)\\nnuxt\\n\(time)\\n' | openssl dgst -sha256 -hmac secret -r"],
            in: "/"
        )
        return [
            "X-Client-Id": "nuxt", "X-Timestamp": "\(time)", "X-Signature": String(outcome.output.prefix(64)),
        ]
    }
}
