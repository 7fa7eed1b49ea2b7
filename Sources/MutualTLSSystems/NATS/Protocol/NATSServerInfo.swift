internal import FoundationEssentials

/// The greeting of a NATS server, as far as it matters here.
public struct NATSServerInfo: Sendable, Hashable, Codable {
    /// The server's name.
    public var serverName: String
    /// The version of the server.
    public var version: String
    /// How many bytes a payload may have.
    public var maxPayload: Int
    /// Whether TLS must begin after the greeting.
    public var tlsRequired: Bool
    /// Whether clients must present a certificate.
    public var tlsVerify: Bool

    enum CodingKeys: String, CodingKey {
        case serverName = "server_name"
        case version
        case maxPayload = "max_payload"
        case tlsRequired = "tls_required"
        case tlsVerify = "tls_verify"
    }

    /// What a server of this library says.
    init(serverName: String, tlsVerify: Bool) {
        self.serverName = serverName
        version = "2.0.0"
        maxPayload = NATSDecoder.largestPayload
        tlsRequired = true
        self.tlsVerify = tlsVerify
    }

    /// Decodes a greeting, in which NATS leaves out whatever is false.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        serverName = try values.decodeIfPresent(String.self, forKey: .serverName) ?? ""
        version = try values.decodeIfPresent(String.self, forKey: .version) ?? ""
        maxPayload = try values.decodeIfPresent(Int.self, forKey: .maxPayload) ?? NATSDecoder.largestPayload
        tlsRequired = try values.decodeIfPresent(Bool.self, forKey: .tlsRequired) ?? false
        tlsVerify = try values.decodeIfPresent(Bool.self, forKey: .tlsVerify) ?? false
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(NATSServerInfo.self, from: Data(json.utf8))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
