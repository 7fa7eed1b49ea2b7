internal import Logging
internal import MutualTLS
internal import MutualTLSFiles
public import NIOCore

/// The part of a NATS configuration that says where and with whom: of a server, or of a client in the same syntax.
///
/// Other keys of the top level are passed over, because a NATS server has many that say nothing about connections; but a
/// server doesn't start with keys that decide who gets in and that it has nothing for, such as `accounts`. The `tls`
/// block has no keys that it doesn't know.
public struct NATSConfiguration: Sendable, Hashable {
    /// Where a server listens, as `listen`, or as `host` and `port`.
    public var host = "0.0.0.0"
    /// The port that a server listens on; 0 or -1 is any free one.
    public var port = 4222
    /// The URLs of the servers that a client connects to.
    public var servers: [String] = []
    /// The `tls` block, or nil without one.
    public var tls: NATSTLSBlock?
    /// How many bytes a message may have, its headers included.
    public var maxPayload = NATSWireLimits.server.payload
    /// How many bytes the arguments of an operation may have.
    public var maxControlLine = NATSWireLimits.server.controlLine
    /// How many bytes may wait for a client before it is cut off as a slow consumer.
    public var maxPending = 64 << 20
    /// How many subscriptions a client may have.
    public var maxSubscriptions = 100_000
    /// How long a client may be silent before it is asked for a sign of life.
    public var pingInterval = TimeAmount.seconds(120)
    /// How many such questions may be unanswered before the connection is closed.
    public var pingMax = 2
    /// The users with their permissions, or nil where nobody is told apart.
    var authorization: NATSAuthorization?
    /// Keys that decide who gets in, and that a server of this library has nothing for.
    var unsupported: [String] = []

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
            case "authorization":
                let read = try NATSAuthorization(entry.value)
                authorization = read
                unsupported += read.unsupported
            case "accounts", "operator", "operators", "resolver", "trusted", "trusted_keys", "no_auth_user",
                "system_account":
                unsupported.append(entry.key)
            case "max_payload": maxPayload = try entry.byteCount(upTo: 64 << 20)
            case "max_control_line": maxControlLine = try entry.byteCount(upTo: 1 << 20)
            case "max_pending": maxPending = try entry.byteCount(upTo: 1 << 30)
            case "max_subscriptions", "max_subs": maxSubscriptions = try entry.subscriptionCount()
            case "ping_interval": pingInterval = try entry.duration()
            case "ping_max": pingMax = try entry.byteCount(upTo: 1000)
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

    /// A number; none, or less, is any number.
    fileprivate func subscriptionCount() throws(MutualTLSSystemsError) -> Int {
        guard case .integer(let number) = value.content else { throw unexpected("a number") }
        return number > 0 ? Int(clamping: number) : .max
    }

    /// A number, or one with a suffix: `k` is 1,000, `kb` and `kib` are 1,024; `m` and `g` likewise.
    fileprivate func byteCount(upTo limit: Int) throws(MutualTLSSystemsError) -> Int {
        let count: Int?
        switch value.content {
        case .integer(let number): count = Int(number)
        case .string(let text):
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let powers = ["k": 1, "m": 2, "g": 3]
            let suffix = text.dropFirst(digits.count).lowercased()
            let base = suffix.count == 1 ? 1000 : 1024
            let power = suffix.first.flatMap {
                ["b", "ib", "i", ""].contains(suffix.dropFirst()) ? powers[String($0)] : nil
            }
            count = power.flatMap { power in
                Int(digits).flatMap { digits in
                    let (product, overflows) = digits.multipliedReportingOverflow(
                        by: (0..<power).reduce(1) { result, _ in result * base }
                    )
                    return overflows ? nil : product
                }
            }
        case .float, .boolean, .array, .map: count = nil
        }
        guard let count, (1...limit).contains(count) else { throw unexpected("a number from 1 to \(limit)") }
        return count
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
