public import MutualTLS
public import NIOCore
public import NIOHTTP1

extension HTTPServer {
    /// A request, whole.
    public struct Request: Sendable {
        /// The method.
        public var method: HTTPMethod
        /// The request target as it was sent (RFC 9112 section 3.2), usually a path with its query.
        public var uri: String
        /// The header fields.
        public var headers: HTTPHeaders
        /// The body, which may be empty.
        public var body: ByteBuffer
        /// Who sends it: the identity that was verified on this connection. Nil for an anonymous client, and for one
        /// whose certificate was not verified.
        public var peer: PeerIdentity?
        /// What the handshake of the connection came to.
        public var connection: ConnectionInformation

        /// The request target without its query.
        public var path: String { String(uri.prefix { $0 != "?" }) }
    }

    /// What a request is answered with.
    public struct Response: Sendable {
        /// The status.
        public var status: HTTPResponseStatus
        /// The header fields; `Content-Length`, `Transfer-Encoding` and `Connection` are the server's to set.
        public var headers: HTTPHeaders
        /// The body.
        public var body: ByteBuffer

        /// A response.
        public init(
            status: HTTPResponseStatus = .ok,
            headers: HTTPHeaders = HTTPHeaders(),
            body: ByteBuffer = ByteBuffer()
        ) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// A response of plain text.
        public static func text(_ text: String, status: HTTPResponseStatus = .ok) -> Response {
            Response(
                status: status,
                headers: ["Content-Type": "text/plain; charset=utf-8"],
                body: ByteBuffer(string: text)
            )
        }

        static func status(_ status: HTTPResponseStatus) -> Response {
            .text("\(status.code) \(status.reasonPhrase)\n", status: status)
        }
    }

    /// Answers requests. An error that it throws becomes 500 (Internal Server Error), and is logged.
    public typealias Handler = @Sendable (Request) async throws -> Response
}
