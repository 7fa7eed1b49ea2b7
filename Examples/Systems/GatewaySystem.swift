import Foundation
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import MutualTLSSystems
import NIOHTTP1

/// An IAM service, and a gateway that calls it with a client certificate and signed requests.
public enum GatewaySystem {
    struct Settings: Decodable {
        /// The configuration of the gateway, in the words of its documentation.
        struct Server: Decodable {
            struct Location: Decodable {
                var serverOrDNS: String
            }

            struct HMAC: Decodable {
                var enableHmac: Bool
                var clientId: String
                var sharedSecret: String
            }

            struct SSL: Decodable {
                var enableSSL: Bool
                var mainDirPath: String
                var rootCertsPath: String
                var clientCertsPath: String
                var clientKeyPath: String
            }

            var auth_location: Location
            var hmac: HMAC
            var ssl: SSL
        }

        struct IAM: Decodable {
            var host: String
            var port: Int
            var certificate: String
            var privateKey: String
            var clientCAs: String
        }

        var server: Server
        var iam: IAM
    }

    /// Starts the IAM service of a configuration file, and has the gateway call it.
    public static func start(_ file: String) async throws -> RunningSystem {
        let settings = try ConfigurationFileError.read(file, as: Settings.self)
        let folder = URL(filePath: file).deletingLastPathComponent().path()
        let iam = settings.iam
        let files = IdentityFiles(
            certificate: "\(folder)/\(iam.certificate)",
            privateKey: "\(folder)/\(iam.privateKey)"
        )
        let reloader = try IdentityReloader(files, at: SystemClock.now())
        let manager = CertManager(reloader.identity)
        reloader.keepUpdated(manager)
        let hmac = settings.server.hmac
        let service = try await IAMService(secrets: [hmac.clientId: hmac.sharedSecret]).start(
            identity: manager,
            clientCAs: CertificatePoolFiles("\(folder)/\(iam.clientCAs)").load(),
            host: iam.host,
            port: iam.port
        ) { request in
            .text("Hello, \(request.peer?.displayName ?? "unknown")! You asked for \(request.path).\n")
        }
        let gateway = gateway(settings.server, folder: folder, port: service.port)
        var events: [String] = []
        for path in ["/health", "/users"] {
            do {
                let response = try await gateway.sendToServer(.GET, path: path)
                let text = String(buffer: response.body).filter { !$0.isNewline }
                events.append("the gateway called \(path), and got \(response.status.code): \(text)")
            } catch {
                events.append("the gateway called \(path), and failed: \(error)")
            }
        }
        return RunningSystem(port: service.port, events: events, identity: reloader, update: gateway.reloadCredentials)
        {
            await gateway.close()
            await service.shutdown(deadline: .seconds(2))
        }
    }

    private static func gateway(_ settings: Settings.Server, folder: String, port: Int) -> Gateway {
        let ssl = settings.ssl
        return Gateway(
            GatewaySettings(
                authLocation: .init(serverOrDNS: settings.auth_location.serverOrDNS, port: port),
                hmac: .init(
                    enableHmac: settings.hmac.enableHmac,
                    clientId: settings.hmac.clientId,
                    sharedSecret: settings.hmac.sharedSecret
                ),
                ssl: .init(
                    enableSSL: ssl.enableSSL,
                    mainDirPath: ssl.mainDirPath.hasPrefix("/") ? ssl.mainDirPath : "\(folder)/\(ssl.mainDirPath)",
                    rootCertsPath: ssl.rootCertsPath,
                    clientCertsPath: ssl.clientCertsPath,
                    clientKeyPath: ssl.clientKeyPath
                )
            )
        )
    }
}
