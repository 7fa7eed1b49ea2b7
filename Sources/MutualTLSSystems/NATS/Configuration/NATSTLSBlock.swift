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

    /// What is read and has no effect, a sentence each.
    public var warnings: [String] {
        [("cipher_suites", cipherSuites), ("curve_preferences", curvePreferences)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) has no effect: the platform's policy decides about suites and groups." }
    }
}
