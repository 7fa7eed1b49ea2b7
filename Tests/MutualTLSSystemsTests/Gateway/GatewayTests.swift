import Foundation
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import MutualTLSSystems
import NIOCore
import NIOHTTP1
import PeerPrograms
import Testing

@Suite(
    "A gateway that calls an IAM service, with the PKI of its documentation",
    .enabled(if: PeerProgram.isInstalled("openssl"), "openssl is not installed: apt-get install openssl")
)
struct GatewayTests {
    static func with(
        ssl change: (inout GatewaySettings.SSL) -> Void = { _ in },
        hmac: GatewaySettings.HMAC = .init(enableHmac: true, clientId: "nuxt", sharedSecret: "secret"),
        _ body: (Gateway, HTTPServer, DocumentedPKI) async throws -> Void
    ) async throws {
        let pki = try await DocumentedPKI.shared.value
        let service = IAMService(secrets: ["nuxt": "secret"], currentTime: systemClock)
        let server = try await service.start(
            identity: IdentityFiles(
                certificate: pki.folder.path("server.crt"),
                privateKey: pki.folder.path("server.key")
            )
            .load(),
            clientCAs: CertificatePoolFiles(pki.folder.path("ca.crt")).load(),
            host: "127.0.0.1",
            port: 0
        ) { request in
            .text("\(request.peer?.displayName ?? "unknown") \(request.uri) \(String(buffer: request.body))")
        }
        var ssl = GatewaySettings.SSL(
            enableSSL: true,
            mainDirPath: pki.folder.path,
            rootCertsPath: "ca.crt",
            clientCertsPath: "client.crt",
            clientKeyPath: "client.key"
        )
        change(&ssl)
        let gateway = Gateway(
            GatewaySettings(
                authLocation: .init(serverOrDNS: "127.0.0.1", port: server.port),
                hmac: hmac,
                ssl: ssl
            ),
            currentTime: systemClock
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(gateway, server, pki))
        } catch {
            result = .failure(error)
        }
        await gateway.close()
        await server.shutdown(deadline: .zero)
        try result.get()
    }

    private static func request(_ server: HTTPServer, path: String = "/health") -> HTTPAgent.Request {
        HTTPAgent.Request(.GET, HTTPAgent.Origin(host: "127.0.0.1", port: server.port), path: path)
    }

    @Test("presents the documented certificate, which is of version 1 and has no extension", arguments: [false, true])
    func agent(botDetector: Bool) async throws {
        try await Self.with { gateway, server, _ in
            let agent = try #require(try gateway.getAuthAgent(botDetector: botDetector))
            let response = try await agent.execute(Self.request(server))
            #expect(response.status == .ok)
            let certificate = try #require(response.connection.localCertificate)
            #expect(certificate.commonName == "nuxt-gateway")
            #expect(certificate.version == 1)
            #expect(certificate.extendedKeyUsages == nil)
            await agent.close()
        }
    }

    @Test("has more connections for a bot detector than otherwise")
    func throughput() async throws {
        try await Self.with { gateway, server, _ in
            let plain = try #require(try gateway.getAuthAgent(botDetector: false))
            let bot = try #require(try gateway.getAuthAgent(botDetector: true))
            for (agent, most) in [(plain, 8), (bot, 24)] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<24 {
                        group.addTask { _ = try await agent.execute(Self.request(server)) }
                    }
                    try await group.waitForAll()
                }
                #expect((1...most).contains(agent.connectionCount))
                await agent.close()
            }
        }
    }

    @Test("has no agent when SSL is off or a path is missing, and sends nothing then", arguments: Missing.allCases)
    func noAgent(missing: Missing) async throws {
        try await Self.with(ssl: missing.apply) { gateway, _, _ in
            let agents = try [false, true].map { try gateway.getAuthAgent(botDetector: $0) }
            #expect(agents.allSatisfy { $0 == nil })
            let error = await #expect(throws: MutualTLSSystemsError.self) {
                try await gateway.sendToServer(.GET, path: "/users")
            }
            #expect(error?.code == .missingKey)
        }
    }

    enum Missing: CaseIterable, Sendable {
        case enabled, folder, roots, certificate, key, empty

        func apply(_ ssl: inout GatewaySettings.SSL) {
            switch self {
            case .enabled: ssl.enableSSL = false
            case .folder: ssl.mainDirPath = nil
            case .roots: ssl.rootCertsPath = nil
            case .certificate: ssl.clientCertsPath = nil
            case .key: ssl.clientKeyPath = nil
            case .empty: ssl.clientKeyPath = ""
            }
        }
    }

    @Test("names the file when a path leads to none")
    func missingFile() async throws {
        try await Self.with(ssl: { $0.clientCertsPath = "clent.crt" }) { gateway, _, pki in
            let error = #expect(throws: MutualTLSFilesError.self) { try gateway.getAuthAgent(botDetector: false) }
            #expect(error?.code == .missing)
            #expect(error?.paths.first == pki.folder.path("clent.crt"))
        }
    }

    @Test("takes paths given at the call in place of the stored ones")
    func programmatic() async throws {
        let folder = try ScratchFolder()
        try await Self.with(ssl: { $0.enableSSL = false }) { gateway, server, pki in
            try await pki.makeClient("override", in: folder)
            let ssl = GatewaySettings.SSL(
                enableSSL: true,
                mainDirPath: folder.path,
                rootCertsPath: "ca.crt",
                clientCertsPath: "client.crt",
                clientKeyPath: "client.key"
            )
            let agent = try #require(try gateway.getAuthAgent(botDetector: false, ssl: ssl))
            let response = try await agent.execute(Self.request(server))
            #expect(response.connection.localCertificate?.commonName == "override")
            await agent.close()
        }
    }

    @Test("uses renewed files from the next request on, when it is told to look")
    func renewal() async throws {
        let folder = try ScratchFolder()
        try await (try await DocumentedPKI.shared.value).makeClient("first", in: folder)
        try await Self.with(ssl: { $0.mainDirPath = folder.path }) { gateway, _, pki in
            let before = try await gateway.sendToServer(.GET, path: "/a")
            #expect(String(buffer: before.body) == "first /a ")
            try await pki.makeClient("second", in: folder)
            gateway.reloadCredentials()
            let after = try await gateway.sendToServer(.GET, path: "/b")
            #expect(String(buffer: after.body) == "second /b ")
        }
    }

    @Test("is reachable by the curl command of the documentation")
    func curl() async throws {
        try await Self.with { _, server, pki in
            let curl = try #require(PeerProgram("curl"), "curl is not installed: apt-get install curl")
            let outcome = try await curl.run(
                [
                    "--silent", "--show-error", "--resolve", "iam.internal:\(server.port):127.0.0.1",
                    "--cert", "client.crt", "--key", "client.key", "--cacert", "ca.crt",
                    "https://iam.internal:\(server.port)/health",
                ],
                in: pki.folder.path
            )
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "ok\n")
        }
    }
}
