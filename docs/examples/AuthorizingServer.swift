import MutualTLS
import MutualTLSFiles
import MutualTLSNIO

/// Serves HTTPS to clients of one authority, of which only those on the list get anything else than 403.
func startAuthorizingServer(
    _ folder: String,
    identity: CertManager
) async throws -> HTTPServer {
    var settings = MutualTLSConfiguration.Server(identity: identity)
    settings.clientAuth = .requireAndVerifyClientCert
    settings.clientCAs = try CertificatePoolFiles("\(folder)/root.crt").load()

    var options = HTTPServerOptions()
    options.authorization = AuthorizationRules([
        .spiffeID("spiffe://example.test/billing"),
        .all([.organization("Operations"), .commonName("carol")]),
    ])
    return try await HTTPServer.bind(settings.resolve(), host: "127.0.0.1", port: 0, options: options) { request in
        .text("Hello, \(request.peer?.displayName ?? "unknown")! You asked for \(request.path).")
    }
}
