public import Logging
public import MutualTLS
public import MutualTLSNIO
public import NIOCore
internal import NIOHTTP1
public import NIOPosix

/// An IAM service behind mutual TLS: callers prove who they are in the handshake, and then that they hold the secret.
///
/// A right secret without a certificate of the trusted authority is refused in the handshake, and no request is read.
/// `/health` needs the certificate alone, and everything else a signed request too; 401 (Unauthorized) answers one
/// without a valid signature.
public struct IAMService: Sendable {
    /// The names and secrets of the clients.
    public var secrets: [String: String]
    /// How far a request's time may be from the service's own. Within it a request can be repeated by whoever recorded
    /// it, which TLS keeps from everybody but the caller.
    public var toleranceSeconds: Int64 = 300
    /// The condition on verified callers beside their certificate's authority, or nil.
    public var authorization: AuthorizationRules?
    private let currentTime: @Sendable () -> Timestamp

    /// A service that knows these clients.
    public init(secrets: [String: String], currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now) {
        self.secrets = secrets
        self.currentTime = currentTime
    }

    /// Listens with an identity, and trusts clients of the pool alone.
    ///
    /// - Throws: `MutualTLSError` for settings that don't go together, and for a port that can't be had.
    public func start(
        identity: any IdentityProvider,
        clientCAs: CertificatePool,
        host: String,
        port: Int,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        options: HTTPServerOptions = HTTPServerOptions(),
        logger: Logger? = nil,
        handler: @escaping HTTPServer.Handler
    ) async throws -> HTTPServer {
        var settings = MutualTLSConfiguration.Server(identity: identity, currentTime: currentTime)
        settings.clientAuth = .requireAndVerifyClientCert
        settings.clientCAs = clientCAs
        settings.logger = logger
        var options = options
        options.authorization = authorization ?? options.authorization
        let service = self
        return try await HTTPServer.bind(
            settings.resolve(),
            host: host,
            port: port,
            group: group,
            options: options,
            logger: logger
        ) { request in
            if request.path == "/health" { return .text("ok\n") }
            let isSigned = RequestSignature.isValid(
                request,
                secrets: service.secrets,
                now: service.currentTime(),
                toleranceSeconds: service.toleranceSeconds
            )
            guard isSigned else { return .text("401 Unauthorized\n", status: .unauthorized) }
            return try await handler(request)
        }
    }
}

extension IAMService: CustomStringConvertible, CustomReflectable {
    /// The names of the clients; never their secrets.
    public var description: String { "IAM service for \(secrets.keys.sorted().joined(separator: ", "))" }
    /// Without the secrets, so that no dump shows them.
    public var customMirror: Mirror { Mirror(self, children: ["clients": secrets.keys.sorted()]) }
}

/// The headers that authenticate one request with a shared secret.
///
/// The documentation names HMAC and no format. Here the code covers, each on a line of its own, the method, the
/// request target, the client's name, the time in seconds since 1970, and then the body: no part can be exchanged
/// for one of another request.
struct RequestSignature {
    static let clientHeader = "X-Client-Id"
    static let timeHeader = "X-Timestamp"
    static let codeHeader = "X-Signature"

    let clientId: String
    let time: Timestamp

    init(clientId: String, time: Timestamp) {
        self.clientId = clientId
        self.time = time
    }

    func sign(_ request: inout HTTPAgent.Request, secret: String) {
        let message = message(request.method, request.path, request.body)
        request.headers.replaceOrAdd(name: Self.clientHeader, value: clientId)
        request.headers.replaceOrAdd(name: Self.timeHeader, value: "\(time.secondsSinceEpoch)")
        request.headers.replaceOrAdd(
            name: Self.codeHeader,
            value: MessageAuthenticationKey(Array(secret.utf8)).code(of: message)
        )
    }

    /// Whether the request has a code that the secret of its client made, not longer ago than the tolerance.
    static func isValid(
        _ request: HTTPServer.Request,
        secrets: [String: String],
        now: Timestamp,
        toleranceSeconds: Int64
    ) -> Bool {
        guard let clientId = request.headers.first(name: clientHeader),
            let secret = secrets.first(where: { $0.key.utf8.elementsEqual(clientId.utf8) })?.value,
            let time = request.headers.first(name: timeHeader).flatMap({ Int64($0) }),
            let code = request.headers.first(name: codeHeader)
        else { return false }
        let (age, overflows) = now.secondsSinceEpoch.subtractingReportingOverflow(time)
        guard !overflows, (-toleranceSeconds...toleranceSeconds).contains(age) else { return false }
        let signature = RequestSignature(clientId: clientId, time: Timestamp(secondsSinceEpoch: time))
        let message = signature.message(request.method, request.uri, request.body)
        return MessageAuthenticationKey(Array(secret.utf8)).isCode(code, of: message)
    }

    private func message(_ method: HTTPMethod, _ target: String, _ body: ByteBuffer) -> [UInt8] {
        let head = "\(method.rawValue)\n\(target)\n\(clientId)\n\(time.secondsSinceEpoch)\n"
        return Array(head.utf8) + Array(body.readableBytesView)
    }
}
