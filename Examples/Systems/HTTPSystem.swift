import Foundation
import MutualTLS
import MutualTLSFiles
import MutualTLSNIO
import NIOHTTP1

/// The HTTPS server of the tutorial with Go's net/http: it greets each client by the common name of its certificate.
public enum HTTPSystem {
    struct Settings: Decodable {
        var host: String
        var port: Int
        var certFile: String
        var keyFile: String
        var clientCAs: String
        var clientAuth: String
        /// Common names that are served; all verified ones without the list.
        var allowedNames: [String]?
    }

    /// Starts the server of a configuration file.
    public static func start(_ file: String) async throws -> RunningSystem {
        let settings = try ConfigurationFileError.read(file, as: Settings.self)
        let folder = URL(filePath: file).deletingLastPathComponent().path()
        let files = IdentityFiles(
            certificate: "\(folder)/\(settings.certFile)",
            privateKey: "\(folder)/\(settings.keyFile)"
        )
        let reloader = try IdentityReloader(files, at: SystemClock.now())
        let manager = CertManager(reloader.identity)
        reloader.keepUpdated(manager)

        var tls = MutualTLSConfiguration.Server(identity: manager)
        tls.clientAuth = try ConfigurationFileError.mode(settings.clientAuth, in: file)
        if tls.clientAuth.verifiesCertificate {
            tls.clientCAs = try CertificatePoolFiles("\(folder)/\(settings.clientCAs)").load()
        }
        var options = HTTPServerOptions()
        options.authorization = settings.allowedNames.map { AuthorizationRules($0.map { .commonName($0) }) }
        let server = try await HTTPServer.bind(
            tls.resolve(),
            host: settings.host,
            port: settings.port,
            options: options,
            handler: IdentityGreeting.handler
        )
        return RunningSystem(port: server.port, events: [], identity: reloader) {
            await server.shutdown(deadline: .seconds(2))
        }
    }
}
