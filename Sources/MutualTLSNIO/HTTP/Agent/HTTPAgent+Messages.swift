public import MutualTLS
public import NIOCore
public import NIOHTTP1

extension HTTPAgent {
    /// Where requests go: connections to one origin are shared among them.
    public struct Origin: Sendable, Hashable {
        /// A name or an address, without brackets.
        public var host: String
        /// The port.
        public var port: Int

        /// An origin, with the port of https by default.
        public init(host: String, port: Int = 443) {
            self.host = host
            self.port = port
        }

        /// The value of the Host header field (RFC 9110 section 7.2).
        var authority: String {
            let name = host.contains(":") ? "[\(host)]" : host
            return port == 443 ? name : "\(name):\(port)"
        }
    }

    /// A request.
    public struct Request: Sendable {
        /// Where it goes.
        public var origin: Origin
        /// The method.
        public var method: HTTPMethod
        /// The path with its query, from a slash.
        public var path: String
        /// The header fields; `Host` and `Content-Length` are the agent's to set.
        public var headers: HTTPHeaders
        /// The body.
        public var body: ByteBuffer

        /// A request.
        public init(
            _ method: HTTPMethod = .GET,
            _ origin: Origin,
            path: String = "/",
            headers: HTTPHeaders = HTTPHeaders(),
            body: ByteBuffer = ByteBuffer()
        ) {
            self.origin = origin
            self.method = method
            self.path = path
            self.headers = headers
            self.body = body
        }

        /// Whether it may be sent again after its connection ended without an answer (RFC 9110 section 9.2.2).
        var isIdempotent: Bool {
            [.GET, .HEAD, .OPTIONS, .TRACE, .PUT, .DELETE].contains(method)
        }
    }

    /// A response, whole.
    public struct Response: Sendable {
        /// The status.
        public var status: HTTPResponseStatus
        /// The header fields.
        public var headers: HTTPHeaders
        /// The body.
        public var body: ByteBuffer
        /// The connection that it came on: which certificate was presented there, and whom it verified.
        public var connection: ConnectionInformation
    }
}
