public import Logging

extension MutualTLSConfiguration {
    /// The settings of a client: the identity that it presents, and how it verifies its server.
    public struct Client: Sendable {
        /// The identity that is presented when a server asks for one, or nil for an anonymous client.
        public var identity: (any IdentityProvider)?
        /// Whether the server's CA names decide about presenting it.
        public var presents: ClientPresentation = .always
        /// The pool that the server is verified against. Without one, only ``insecureSkipVerify`` connects: unlike
        /// Go, no pool never means the system's roots. An empty pool refuses every server.
        public var rootCAs: CertificatePool?
        /// The name that the server's certificate must be valid for, and that is sent as SNI unless it is an address.
        public var serverName: ServerName?
        /// The protocols that are offered by ALPN (RFC 7301), the one that is liked best first.
        public var applicationProtocols: [String] = []
        /// Whether the server's certificate goes unverified: chain, name, times and purpose.
        ///
        /// Anybody on the way can then be the server. It is right where the application itself compares
        /// ``ConnectionInformation/peerCertificates`` with a pinned one before it sends anything, and in tests.
        /// Each use is logged.
        public var insecureSkipVerify = false
        /// Whether the verified server is looked up in revocation lists.
        public var revocation: RevocationPolicy = .off
        /// Whether sessions of earlier connections are offered to the server; not by default.
        public var sessions: ClientSessionPolicy = .off
        /// The lowest version that is spoken.
        public var minimumVersion: TLSVersion = .tls12
        /// The highest version that is spoken.
        public var maximumVersion: TLSVersion = .tls13
        /// The name that is sent as SNI; the server name by default.
        public var serverNameIndication: ServerNameIndication = .serverName
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
        /// The manager that identity, roots and server name come from, if the settings were made with one.
        public let authManager: CertAuthManager?
        /// When roots and server name are taken from ``authManager``.
        public let poolPolicy: PoolPolicy

        /// The name that the server is verified by where neither ``serverName`` nor the manager has one: the host that is
        /// dialed, for transports that know it.
        package var dialedName: ServerName?
        package var decisions: Decisions = StandardDecisions()

        /// Settings with an identity, with a ``CertManager`` that rotates it, or with none.
        public init(
            identity: (any IdentityProvider)? = nil,
            currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now
        ) {
            self.identity = identity
            self.currentTime = currentTime
            authManager = nil
            poolPolicy = .fixedAtStart
        }

        /// Settings whose identity, roots and server name come from a manager; ``rootCAs`` and ``serverName`` stay
        /// unset.
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

/// The choice of a client for the server_name extension (RFC 6066 section 3).
///
/// The server's certificate is verified by ``MutualTLSConfiguration/Client/serverName``, whatever is sent here: a client
/// that dials an address, or reaches its server through another one, may need to send another name than it verifies.
public enum ServerNameIndication: Sendable, Hashable {
    /// The server name, unless it is an address.
    case serverName
    /// No server_name extension at all.
    case none
    /// These bytes, whatever they are; up to 255, without NUL.
    case verbatim(String)
}

/// Whether a client looks at the server's CA names before it presents its certificate.
public enum ClientPresentation: String, Sendable, Hashable, CaseIterable {
    /// It always presents it, as OpenSSL, Ergo, and Go's `GetClientCertificate` do.
    case always
    /// It withholds it unless a certificate of its chain was issued by one of the names, compared byte by byte; an
    /// empty list matches. Go does so with `Config.Certificates`.
    case matchingAcceptableCAs
}
