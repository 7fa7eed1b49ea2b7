public import NIOCore

/// The `tls` block of a NATS configuration: what a server or a client presents, and whom it trusts.
///
/// ```
/// tls {
///   cert_file: "/etc/nats/certs/server.pem"
///   key_file:  "/etc/nats/certs/server.key"
///   ca_file:   "/etc/nats/certs/clients.pem"
///   verify:    true
/// }
/// ```
///
/// A server's `ca_file` is for clients, and a client's for servers: the two have nothing to do with each other.
public struct NATSTLSBlock: Sendable, Hashable {
    /// The file of the certificate chain, leaf first.
    public var certFile: String?
    /// The file of the private key.
    public var keyFile: String?
    /// The file of the certificate authorities, or of individual certificates, that the other side is verified against.
    public var caFile: String?
    /// Whether clients must present a certificate that verifies.
    public var verify = false
    /// The same as ``verify``, and the certificate says who the user is.
    public var verifyAndMap = false
    /// Whether a client leaves its server unverified.
    public var insecure = false
    /// How long a handshake may take.
    public var timeout = TimeAmount.seconds(2)
    /// Lower-case hexadecimal SHA-256 digests of the SubjectPublicKeyInfo of those that may connect; empty lets all.
    public var pinnedCerts: Set<String> = []
    /// Names of cipher suites, which are read and have no effect: the platform's policy decides.
    public var cipherSuites: [String] = []
    /// Names of groups, which are read and have no effect.
    public var curvePreferences: [String] = []

    /// A block with the defaults.
    public init() {}

    /// Whether a server requires clients to present a certificate that verifies.
    public var requiresClientCertificate: Bool { verify || verifyAndMap }

    /// Settings that are read and have no effect, a sentence each.
    public var warnings: [String] {
        [("cipher_suites", cipherSuites), ("curve_preferences", curvePreferences)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) has no effect: the platform's policy decides about suites and groups." }
    }
}

extension NATSTLSBlock {
    private static let keys = [
        "cert_file", "key_file", "ca_file", "verify", "verify_and_map", "insecure", "timeout", "pinned_certs",
        "cipher_suites", "curve_preferences",
    ]

    init(_ value: NATSConfigurationValue) throws(MutualTLSSystemsError) {
        guard case .map(let entries) = value.content else {
            throw MutualTLSSystemsError(
                .invalidValue,
                line: value.line,
                "Expected a block for tls, found \(value.kind). Write tls { … }."
            )
        }
        self.init()
        for entry in entries { try read(entry) }
    }

    private mutating func read(_ entry: NATSConfigurationEntry) throws(MutualTLSSystemsError) {
        switch entry.key.lowercased() {
        case "cert_file": certFile = try entry.path()
        case "key_file": keyFile = try entry.path()
        case "ca_file": caFile = try entry.path()
        case "verify": verify = try entry.boolean()
        case "verify_and_map": verifyAndMap = try entry.boolean()
        case "insecure": insecure = try entry.boolean()
        case "timeout": timeout = try entry.duration()
        case "pinned_certs": pinnedCerts = Set(try entry.strings().map(entry.pin))
        case "cipher_suites": cipherSuites = try entry.strings()
        case "curve_preferences": curvePreferences = try entry.strings()
        case "client_auth":
            throw MutualTLSSystemsError(
                .unknownKey,
                line: entry.line,
                "Expected a key of the tls block, found client_auth, which NATS doesn't have. "
                    + "Write verify: true to require client certificates."
            )
        default:
            let nearest = NearestName.of(entry.key, among: Self.keys).map { "Did you mean \($0)?" }
            throw MutualTLSSystemsError(
                .unknownKey,
                line: entry.line,
                "Expected a key of the tls block, found \(entry.key). "
                    + (nearest ?? "Known are \(Self.keys.joined(separator: ", ")).")
            )
        }
    }
}

extension NATSConfigurationEntry {
    func string() throws(MutualTLSSystemsError) -> String {
        guard case .string(let text) = value.content else { throw unexpected("a string") }
        return text
    }

    fileprivate func path() throws(MutualTLSSystemsError) -> String {
        let path = try string()
        guard !path.isEmpty else { throw unexpected("a path") }
        return path
    }

    fileprivate func boolean() throws(MutualTLSSystemsError) -> Bool {
        guard case .boolean(let value) = value.content else { throw unexpected("true or false, without quotes") }
        return value
    }

    /// One string, or an array of at least one.
    func strings() throws(MutualTLSSystemsError) -> [String] {
        guard case .array(let elements) = value.content else { return [try string()] }
        guard !elements.isEmpty else { throw unexpected("at least one string") }
        var strings: [String] = []
        for element in elements {
            switch element.content {
            case .string(let text): strings.append(text)
            // Sixty-four digits without a letter would be a number if one were that large.
            case .integer(let number): strings.append("\(number)")
            case .float, .boolean, .array, .map: throw unexpected("an array of strings")
            }
        }
        return strings
    }

    /// Seconds, or a number with a unit of Go's `time.ParseDuration`.
    func duration() throws(MutualTLSSystemsError) -> TimeAmount {
        let seconds: Double?
        switch value.content {
        case .integer(let number): seconds = Double(number)
        case .float(let number): seconds = number
        case .string(let text): seconds = Self.seconds(text)
        case .boolean, .array, .map: seconds = nil
        }
        guard let seconds, seconds > 0, seconds <= 86_400 else {
            throw unexpected("a duration of up to a day, for example 2 or \"500ms\"")
        }
        return .nanoseconds(Int64(seconds * 1e9))
    }

    fileprivate func pin(_ text: String) throws(MutualTLSSystemsError) -> String {
        let pin = text.lowercased()
        guard pin.utf8.count == 64, pin.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw unexpected(
                "64 hexadecimal digits, the SHA-256 of a DER-encoded SubjectPublicKeyInfo"
            )
        }
        return pin
    }

    private static func seconds(_ text: String) -> Double? {
        let units = [("ms", 1e-3), ("us", 1e-6), ("s", 1), ("m", 60), ("h", 3600)]
        guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
        return Double(text.dropLast(unit.count)).map { $0 * factor }
    }

    func unexpected(_ expectation: String) -> MutualTLSSystemsError {
        MutualTLSSystemsError(
            .invalidValue,
            line: value.line,
            "Expected \(expectation) for \(key), found \(value.kind)."
        )
    }
}
