public import Logging

/// Settings of servers and clients: plain values, checked as a whole by `resolve`.
public enum MutualTLSConfiguration {}

extension MutualTLSConfiguration {
    /// The settings of a server: the identity that it presents, and its demands on clients.
    ///
    /// ```swift
    /// var settings = MutualTLSConfiguration.Server(identity: identity, currentTime: clock)
    /// settings.clientAuth = .requireAndVerifyClientCert
    /// settings.clientCAs = try CertificatePool(pem: bytes)
    /// let server = try settings.resolve()
    /// ```
    public struct Server: Sendable {
        /// The identity for clients whose server name matches no other one.
        public var identity: (any IdentityProvider)?
        /// Identities by DNS name, or by wildcard (`*.example.test`, one label). A client's SNI is looked up with
        /// letter case folded: as an exact name, then as a wildcard; otherwise ``identity`` is presented.
        public var identitiesByName: [String: any IdentityProvider] = [:]
        /// Policies by DNS name, or by wildcard (`*.example.test`, one label), each with an identity of its own.
        ///
        /// The host is looked up as names of ``identitiesByName`` are, when the ClientHello is processed, and its policy
        /// holds from then on. A client without SNI, or with a name that no host has, gets the default policy: that of
        /// the other settings.
        public var hosts: [String: Host] = [:]
        /// Whether the default policy may ask less of clients than one of the ``hosts`` does.
        ///
        /// A client chooses the name that it sends. Where the default policy asks for no certificate and a host requires
        /// one, whatever is reached behind the listener without looking at the name is reached without a certificate.
        public var defaultPolicyMayBeWeaker = false
        /// The protocols that are spoken by ALPN (RFC 7301), the one that is liked best first; empty to take no part.
        ///
        /// A client that offers some and none of these is refused with no_application_protocol (120).
        public var applicationProtocols: [String] = []
        /// Whether a client that asks for an unknown name is refused with unrecognized_name (112).
        ///
        /// Known are the names of ``hosts``, of ``identitiesByName`` and the DNS names in the certificate of ``identity``. A client
        /// that sends no SNI, as with IP addresses, gets ``identity`` all the same.
        public var strictSNI = false
        /// The demand on clients; nothing by default, as in Go.
        public var clientAuth: ClientAuth = .noClientCert
        /// The pool that clients are verified against. Modes that verify need one: unlike Go, no pool never means
        /// the system's roots. An empty pool refuses every certificate.
        public var clientCAs: CertificatePool?
        /// The CA names of the CertificateRequest.
        public var acceptableCANames: AcceptableCANames = .derived
        /// Whether verified clients are looked up in revocation lists.
        public var revocation: RevocationPolicy = .off
        /// Whether clients may resume sessions; not by default.
        public var sessions: ServerSessionPolicy = .off
        /// The lowest version that is spoken.
        public var minimumVersion: TLSVersion = .tls12
        /// The highest version that is spoken.
        public var maximumVersion: TLSVersion = .tls13
        /// OpenSSL's security level, from 0 to 5, in place of the platform's; nil keeps the platform's.
        ///
        /// A lower one lets this side present and accept keys and digests that can be broken, such as RSA with 1024 bits:
        /// right for devices that can't be renewed, and in tests.
        public var securityLevel: Int?
        /// Receives the secrets of each connection, a line in the NSS key log format at a time, without its end.
        ///
        /// A reader of them can read the connection: right for looking into a capture with Wireshark, and never beyond.
        public var keyLog: (@Sendable (String) -> Void)?
        /// The time that certificates, revocation lists and sessions are judged at.
        public var currentTime: @Sendable () -> Timestamp
        /// Where warnings go.
        public var logger: Logger?
        /// The manager that identity, mode and pool come from, if the settings were made with one.
        public let authManager: CertAuthManager?
        /// When mode and pool are taken from ``authManager``.
        public let poolPolicy: PoolPolicy

        package var decisions: Decisions = StandardDecisions()

        /// Settings with one identity, or with a ``CertManager`` that rotates it.
        public init(
            identity: (any IdentityProvider)?,
            currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now
        ) {
            self.identity = identity
            self.currentTime = currentTime
            authManager = nil
            poolPolicy = .fixedAtStart
        }

        /// Settings whose identity, mode and pool come from a manager; ``clientAuth`` and ``clientCAs`` stay unset.
        public init(
            manager: CertAuthManager,
            poolPolicy: PoolPolicy = .fixedAtStart,
            currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now
        ) {
            identity = manager
            self.currentTime = currentTime
            authManager = manager
            self.poolPolicy = poolPolicy
        }
    }
}

/// The demand of a server on its clients' certificates: the five modes of Go's crypto/tls, by Go's names.
public enum ClientAuth: String, CaseIterable, Sendable, Hashable, Codable {
    /// No certificate is asked for, and none is ever received.
    case noClientCert = "NoClientCert"
    /// One is asked for and not required; whatever comes is **not verified**.
    case requestClientCert = "RequestClientCert"
    /// One is required; whatever comes is **not verified**. Good for pinning by the application.
    case requireAnyClientCert = "RequireAnyClientCert"
    /// One is asked for and not required; if one comes, it must verify.
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    /// One is required, and it must verify: mutual TLS as most people mean it.
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// Whether the server sends a CertificateRequest.
    public var requestsCertificate: Bool { self != .noClientCert }

    /// Whether a client without a certificate is refused.
    public var requiresCertificate: Bool {
        self == .requireAnyClientCert || self == .requireAndVerifyClientCert
    }

    /// Whether a certificate that a client sends must verify.
    public var verifiesCertificate: Bool {
        self == .verifyClientCertIfGiven || self == .requireAndVerifyClientCert
    }
}
