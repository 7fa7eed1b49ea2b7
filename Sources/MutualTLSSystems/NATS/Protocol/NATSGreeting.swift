internal import FoundationEssentials
internal import NIOCore

/// The greeting of a NATS server, as far as it matters here.
public struct NATSServerInfo: Sendable, Hashable, Codable {
    /// The server's identifier, which is another one after each start.
    public var serverID: String
    /// The server's name.
    public var serverName: String
    /// The version of the server.
    public var version: String
    /// The version of the protocol.
    public var proto: Int
    /// Where the server listens.
    public var host: String
    /// The port that it listens on.
    public var port: Int
    /// Whether messages may have headers.
    public var headers: Bool
    /// How many bytes a payload may have.
    public var maxPayload: Int
    /// The number of this connection on its server.
    public var clientID: UInt64
    /// The address that the client comes from, as the server sees it.
    public var clientIP: String
    /// Whether the server asks who the client is, by CONNECT or by its certificate.
    public var authRequired: Bool
    /// Whether TLS must begin after the greeting.
    public var tlsRequired: Bool
    /// Whether clients must present a certificate.
    public var tlsVerify: Bool

    enum CodingKeys: String, CodingKey {
        case serverID = "server_id"
        case serverName = "server_name"
        case version, proto, host, port, headers
        case maxPayload = "max_payload"
        case clientID = "client_id"
        case clientIP = "client_ip"
        case authRequired = "auth_required"
        case tlsRequired = "tls_required"
        case tlsVerify = "tls_verify"
    }

    /// The greeting of a server of this library, which does what nats-server 2.9 does.
    init(serverName: String, host: String, maxPayload: Int, authRequired: Bool, tlsVerify: Bool) {
        serverID = "N" + String((0..<55).map { _ in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".randomElement() ?? "A" })
        self.serverName = serverName
        version = "2.9.0"
        proto = 1
        self.host = host
        port = 0
        headers = true
        self.maxPayload = maxPayload
        clientID = 0
        clientIP = ""
        self.authRequired = authRequired
        tlsRequired = true
        self.tlsVerify = tlsVerify
    }

    /// Decodes a greeting, in which NATS leaves out whatever is false.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        serverID = try values.decodeIfPresent(String.self, forKey: .serverID) ?? ""
        serverName = try values.decodeIfPresent(String.self, forKey: .serverName) ?? ""
        version = try values.decodeIfPresent(String.self, forKey: .version) ?? ""
        proto = try values.decodeIfPresent(Int.self, forKey: .proto) ?? 0
        host = try values.decodeIfPresent(String.self, forKey: .host) ?? ""
        port = try values.decodeIfPresent(Int.self, forKey: .port) ?? 0
        headers = try values.decodeIfPresent(Bool.self, forKey: .headers) ?? false
        maxPayload = try values.decodeIfPresent(Int.self, forKey: .maxPayload) ?? NATSWireLimits.server.payload
        clientID = try values.decodeIfPresent(UInt64.self, forKey: .clientID) ?? 0
        clientIP = try values.decodeIfPresent(String.self, forKey: .clientIP) ?? ""
        authRequired = try values.decodeIfPresent(Bool.self, forKey: .authRequired) ?? false
        tlsRequired = try values.decodeIfPresent(Bool.self, forKey: .tlsRequired) ?? false
        tlsVerify = try values.decodeIfPresent(Bool.self, forKey: .tlsVerify) ?? false
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(NATSServerInfo.self, from: Data(json.utf8))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// The statements of a client in CONNECT, as far as a server looks at it.
struct NATSConnectOptions: Sendable, Hashable {
    var verbose = true
    var echo = true
    var headers = false
    var noResponders = false
    var user: String?
    var password: String?
    var token: String?

    private struct Sent: Decodable {
        var verbose, echo, headers, no_responders: Bool?
        var user, pass, auth_token: String?
    }

    /// Takes over what the JSON says; what it leaves out stays. False for text that is no such JSON.
    mutating func update(json: String) -> Bool {
        guard let sent = try? JSONDecoder().decode(Sent.self, from: Data(json.utf8)) else { return false }
        verbose = sent.verbose ?? verbose
        echo = sent.echo ?? echo
        headers = sent.headers ?? headers
        noResponders = sent.no_responders ?? noResponders
        user = sent.user ?? user
        password = sent.pass ?? password
        token = sent.auth_token ?? token
        return true
    }
}

/// In front of TLS on a server: says something in plain text before TLS begins on the same connection.
final class PlaintextGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: ByteBuffer

    init(_ greeting: ByteBuffer) {
        self.greeting = greeting
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(greeting), promise: nil)
        context.fireChannelActive()
    }
}
