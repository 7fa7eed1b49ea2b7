internal import Logging
internal import MutualTLS
internal import MutualTLSFiles

/// The part of a NATS configuration that says where and with whom: of a server, or of a client in the same syntax.
///
/// Other keys of the top level are passed over, because a NATS server has many that say nothing about connections. The
/// `tls` block has no keys that it doesn't know.
public struct NATSConfiguration: Sendable, Hashable {
    /// Where a server listens, as `listen`, or as `host` and `port`.
    public var host = "0.0.0.0"
    /// The port that a server listens on; 0 or -1 is any free one.
    public var port = 4222
    /// The URLs of the servers that a client connects to.
    public var servers: [String] = []
    /// The `tls` block, or nil without one.
    public var tls: NATSTLSBlock?

    /// Reads a configuration.
    ///
    /// - Throws: ``MutualTLSSystemsError`` with the line, for text that isn't of the syntax, a value of another kind,
    ///   and a key that the `tls` block doesn't have.
    public init(parsing text: String) throws(MutualTLSSystemsError) {
        for entry in try NATSConfigurationParser.parse(text) {
            switch entry.key.lowercased() {
            case "listen": try listen(entry)
            case "host", "net": host = try entry.string()
            case "port": port = try entry.port()
            case "servers": servers = try entry.strings()
            case "tls": tls = try NATSTLSBlock(entry.value)
            default: break
            }
        }
    }

    private mutating func listen(_ entry: NATSConfigurationEntry) throws(MutualTLSSystemsError) {
        if case .integer = entry.value.content {
            port = try entry.port()
            return
        }
        let text = try entry.string()
        guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]),
            (-1...65_535).contains(number)
        else { throw entry.unexpected("HOST:PORT") }
        let name = text[..<colon].filter { $0 != "[" && $0 != "]" }
        if !name.isEmpty { host = String(name) }
        port = max(0, number)
    }
}

extension NATSConfigurationEntry {
    fileprivate func port() throws(MutualTLSSystemsError) -> Int {
        guard case .integer(let number) = value.content, (-1...65_535).contains(number) else {
            throw unexpected("a port")
        }
        return max(0, Int(number))
    }
}

/// A value of a NATS configuration, with the line that it starts on.
struct NATSConfigurationValue: Sendable, Hashable {
    indirect enum Content: Sendable, Hashable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case array([NATSConfigurationValue])
        case map([NATSConfigurationEntry])
    }

    let content: Content
    let line: Int

    /// The name of the object, for messages.
    var kind: String {
        switch content {
        case .string(let text): "the string \"\(text)\""
        case .integer(let number): "the number \(number)"
        case .float(let number): "the number \(number)"
        case .boolean(let value): "\(value)"
        case .array: "an array"
        case .map: "a block"
        }
    }
}

/// A key with its value.
struct NATSConfigurationEntry: Sendable, Hashable {
    let key: String
    let value: NATSConfigurationValue
    let line: Int
}

/// The content of the files of a `tls` block.
struct NATSCredentials: Sendable {
    let identity: Identity?
    let authorities: CertificatePool?

    /// Reads the files. A server needs an identity; a client may be anonymous.
    init(_ block: NATSTLSBlock, isServer: Bool, logger: Logger?) throws {
        switch (block.certFile, block.keyFile) {
        case (let certificate?, let key?):
            identity = try IdentityFiles(certificate: certificate, privateKey: key).load(logger: logger)
        case (nil, nil) where !isServer:
            identity = nil
        case (nil, _):
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no cert_file. Name the file of the certificate."
            )
        case (_, nil):
            throw MutualTLSSystemsError(.missingKey, "The tls block has no key_file. Name the file of the private key.")
        }
        authorities = try block.caFile.map { try CertificatePoolFiles($0).load() }
        let needsAuthorities = isServer ? block.requiresClientCertificate : !block.insecure
        if authorities == nil, needsAuthorities {
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no ca_file, and \(isServer ? "verify is set" : "a client verifies its server"). "
                    + "Name the file of the authorities: none never means the system's."
            )
        }
        for warning in block.warnings + NATSCredentials.warnings(authorities) { logger?.warning("\(warning)") }
    }

    /// A pool that holds individual certificates beside authorities: whoever holds one of the latter can sign more.
    static func warnings(_ pool: CertificatePool?) -> [String] {
        guard let certificates = pool?.certificates, certificates.contains(where: { !$0.isCertificateAuthority }) else {
            return []
        }
        return certificates.filter(\.isCertificateAuthority).map(Self.warning)
    }

    /// For a certificate that is pinned and a certificate authority.
    static func warning(_ certificate: Certificate) -> String {
        "\(certificate) in ca_file is a certificate authority: its holder can sign further certificates, and they are "
            + "accepted too. Pin a certificate with CA:FALSE."
    }
}
