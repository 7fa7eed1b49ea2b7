import MutualTLS
import MutualTLSNIO
import NIOCore
import PeerPrograms
import Testing

/// An HTTPS server on 127.0.0.1, and the files that curl needs to ask it.
struct TestHTTPServer {
    let server: HTTPServer
    let files: TestFiles

    static func with(
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        version: TLSVersion = .tls13,
        options: HTTPServerOptions = patientOptions,
        handler: @escaping HTTPServer.Handler = IdentityGreeting.handler,
        settings change: (inout MutualTLSConfiguration.Server) throws -> Void = { _ in },
        _ body: (TestHTTPServer) async throws -> Void
    ) async throws {
        var settings = MutualTLSConfiguration.Server(
            identity: try TestPKI.identity("server"),
            currentTime: TestPKI.clock
        )
        settings.clientAuth = mode
        if mode.verifiesCertificate { settings.clientCAs = try TestPKI.pool("root") }
        settings.maximumVersion = version
        try change(&settings)
        let server = try await HTTPServer.bind(
            settings.resolve(),
            host: "127.0.0.1",
            port: 0,
            group: Loopback.group,
            options: options,
            handler: handler
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(TestHTTPServer(server: server, files: TestFiles())))
        } catch {
            result = .failure(error)
        }
        await server.shutdown(deadline: .zero)
        try result.get()
    }

    static var patientOptions: HTTPServerOptions {
        var options = HTTPServerOptions()
        options.acceptor = Loopback.patientOptions
        options.idleTimeout = Loopback.patience
        options.bodyTimeout = Loopback.patience
        return options
    }

    /// Runs curl as the text does, with the status code after the body.
    func curl(
        _ credential: String?,
        _ more: [String] = [],
        host: String = "127.0.0.1",
        path: String = "/"
    ) async throws -> PeerProgram.Outcome {
        var arguments = ["--silent", "--show-error", "--cacert", "root.crt", "--write-out", " %{http_code}"] + more
        if let credential { arguments += ["--cert", "\(credential).crt", "--key", "\(credential).key"] }
        arguments.append("https://\(host):\(server.port)\(path)")
        return try await #require(PeerProgram("curl")).run(arguments, in: files.path)
    }

    /// Sends text over TLS and returns the status code of the answer, or nil for an answer without one.
    func status(_ text: String) async throws -> Int? {
        Int(try await exchange(text).dropFirst("HTTP/1.1 ".count).prefix(3))
    }

    /// Sends text over TLS with our own dialer and returns what came back until the end.
    func exchange(_ text: String, credential: String? = "valid") async throws -> String {
        try await exchange(text, TestPKI.client(credential))
    }

    func exchange(_ text: String, _ client: MutualTLSClient) async throws -> String {
        let promise = Loopback.group.any().makePromise(of: [UInt8].self)
        var options = MutualTLSDialerOptions()
        options.limits.handshakeTimeout = Loopback.patience
        let connection = try await MutualTLSDialer(
            client,
            group: Loopback.group,
            options: options
        )
        .connect(host: "127.0.0.1", port: server.port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(ByteCollector(.max, promise))
            }
        }
        // The server may have ended the connection before; what came back says so.
        try? await connection.channel.writeAndFlush(ByteBuffer(string: text)).get()
        let bytes = try await promise.futureResult.get()
        connection.channel.close(promise: nil)
        return String(decoding: bytes, as: UTF8.self)
    }
}
