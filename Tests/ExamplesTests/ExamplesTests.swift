import Foundation
import Glibc
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import NIOCore
import NIOHTTP1
import Testing
import ThrowawayPKI

@testable import Examples

@Suite("The examples of the documentation")
struct ExamplesTests {
    private static let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A folder with what the examples read, for as long as the body runs.
    private static func with(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "countersign-examples-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let subject = Subject(commonName: "carol", organization: "Operations")
        let certificates = [
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "server", issuer: "root", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(name: "renewed", issuer: "root", dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(name: "client", issuer: "root", subject: subject),
            CertificateRecipe(name: "billing", issuer: "root", uris: ["spiffe://example.test/billing"]),
            CertificateRecipe(name: "mallory", issuer: "root"),
        ]
        try PKI.mint(Recipe(certificates: certificates), now: Int64(time(nil)), seed: 5, keys: KeyPool())
            .write(to: folder)
        try await body(folder)
    }

    private static func identity(_ name: String, _ folder: String) throws -> Identity {
        try IdentityFiles(certificate: "\(folder)/\(name).crt", privateKey: "\(folder)/\(name).key").load()
    }

    @Test("of a server and a client meet each other")
    func serverAndClient() async throws {
        try await Self.with { folder in
            let acceptor = try await startServer(folder)
            let text = try await greeting(port: acceptor.port, folder)
            #expect(text == "hello carol\n")
            await acceptor.shutdown(deadline: .zero)
        }
    }

    @Test("of the engine alone greets in memory")
    func engine() async throws {
        try await Self.with { folder in
            var server = MutualTLSConfiguration.Server(
                identity: try Self.identity("server", folder),
                currentTime: Self.clock
            )
            server.clientAuth = .requireAndVerifyClientCert
            server.clientCAs = try CertificatePoolFiles("\(folder)/root.crt").load()
            var client = MutualTLSConfiguration.Client(
                identity: try Self.identity("client", folder),
                currentTime: Self.clock
            )
            client.rootCAs = server.clientCAs
            client.serverName = try ServerName("localhost")
            let text = try greetInMemory(server.resolve(), client.resolve())
            #expect(text == "hello carol")
        }
    }

    @Test("of an authorizing server and of rotation serve whom they should, with the renewed certificate")
    func authorizationAndRotation() async throws {
        try await Self.with { folder in
            let certificate = "\(folder)/server.crt"
            let key = "\(folder)/server.key"
            let followed = try FollowedIdentity(certificate: certificate, privateKey: key, now: Self.clock())
            let server = try await startAuthorizingServer(folder, identity: followed.manager)
            func ask(as name: String) async throws -> HTTPAgent.Response {
                var settings = MutualTLSConfiguration.Client(
                    identity: try Self.identity(name, folder),
                    currentTime: Self.clock
                )
                settings.rootCAs = try CertificatePoolFiles("\(folder)/root.crt").load()
                let agent = HTTPAgent(settings)
                let request = HTTPAgent.Request(
                    .GET,
                    HTTPAgent.Origin(host: "127.0.0.1", port: server.port),
                    path: "/x"
                )
                let response = try await agent.execute(request)
                await agent.close()
                return response
            }
            let carol = try await ask(as: "client")
            #expect(String(buffer: carol.body) == "Hello, carol! You asked for /x.")
            let billing = try await ask(as: "billing")
            #expect(billing.status == .ok)
            let mallory = try await ask(as: "mallory")
            #expect(mallory.status == .forbidden)

            #expect(followed.renew(now: Self.clock()) == "unchanged")
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/renewed.crt")).write(
                to: URL(fileURLWithPath: certificate)
            )
            #expect(followed.renew(now: Self.clock()).hasPrefix("kept, because \(certificate)"))
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/renewed.key")).write(to: URL(fileURLWithPath: key))
            #expect(followed.renew(now: Self.clock()).hasPrefix("now CN=renewed"))
            let renewed = try await ask(as: "client")
            #expect(renewed.connection.peerIdentity?.displayName == "renewed")
            await server.shutdown(deadline: .zero)
        }
    }

    @Test(
        "stand in docs/use-the-library.md letter for letter",
        arguments: ["Server", "Client", "Rotation", "AuthorizingServer", "Engine"]
    )
    func sameText(name: String) throws {
        let example = try String(contentsOf: Self.root.appending(path: "docs/examples/\(name).swift"), encoding: .utf8)
        let page = try String(contentsOf: Self.root.appending(path: "docs/use-the-library.md"), encoding: .utf8)
        #expect(
            page.contains("```swift\n\(example)```"),
            "copy docs/examples/\(name).swift into docs/use-the-library.md"
        )
    }
}
