internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore
internal import NIOHTTP1

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
        guard let clientId = request.headers.first(name: clientHeader), let secret = secrets[clientId],
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
