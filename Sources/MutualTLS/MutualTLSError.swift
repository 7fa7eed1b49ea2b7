/// An error of the library outside a connection.
///
/// Two errors are equal when their codes are: the message is for people, and may change.
/// A peer's fault on a connection is a ``ConnectionFailure``.
public struct MutualTLSError: Error, Sendable {
    /// The party that can put it right.
    public enum Blame: String, Sendable, Hashable, Codable {
        /// The settings or the credentials: certificates, keys, names, pools.
        case configuration
        /// The other side of a connection.
        case peer
        /// The code that calls the library, out of turn.
        case caller
        /// OpenSSL itself: want of memory, or a build without what is needed.
        case openSSL
    }

    /// Which error this is, for programs.
    public let code: Code
    /// The expectation, the finding and the next step, for people.
    public let message: String
    /// The underlying error, often OpenSSL's.
    public let cause: (any Error)?

    /// The party that can put it right.
    public var blame: Blame { code.blame }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension MutualTLSError: Equatable {
    /// Whether both have the same code.
    public static func == (left: MutualTLSError, right: MutualTLSError) -> Bool {
        left.code == right.code
    }
}

extension MutualTLSError: CustomStringConvertible {
    /// The message, with what OpenSSL said behind it.
    public var description: String {
        cause.map { "\(message) [\($0)]" } ?? message
    }
}

extension MutualTLSError {
    /// The set of errors, which may grow.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// A stable text for logs.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        var blame: Blame {
            switch self {
            case .notEstablished, .connectionClosed, .tooManyPendingWrites: .caller
            case .openSSL: .openSSL
            default: .configuration
            }
        }
    }
}

extension MutualTLSError.Code {
    /// There is nothing to read: no bytes, or white space alone.
    public static let emptyInput = Self(rawValue: "empty-input")
    /// PEM without a block of the kind that was asked for.
    public static let noCertificateFound = Self(rawValue: "no-certificate-found")
    /// PEM without a private key.
    public static let noPrivateKeyFound = Self(rawValue: "no-private-key-found")
    /// PEM without a revocation list.
    public static let noRevocationListFound = Self(rawValue: "no-revocation-list-found")
    /// More than one block where one was meant.
    public static let severalFound = Self(rawValue: "several-found")
    /// A PEM block that begins and doesn't end.
    public static let truncatedPEM = Self(rawValue: "truncated-pem")
    /// Bytes that look like DER where PEM was meant.
    public static let derInsteadOfPEM = Self(rawValue: "der-instead-of-pem")
    /// A PEM block whose content or end line is damaged, or input that is no PEM at all.
    public static let malformedPEM = Self(rawValue: "malformed-pem")
    /// DER that is no certificate.
    public static let undecodableCertificate = Self(rawValue: "undecodable-certificate")
    /// DER that is no distinguished name.
    public static let undecodableName = Self(rawValue: "undecodable-name")
    /// DER or PEM that is no private key.
    public static let undecodableKey = Self(rawValue: "undecodable-key")
    /// DER that is no revocation list.
    public static let undecodableRevocationList = Self(rawValue: "undecodable-revocation-list")
    /// A private key that is encrypted, and no passphrase.
    public static let encryptedKey = Self(rawValue: "encrypted-key")
    /// A private key that the passphrase doesn't decrypt.
    public static let wrongPassphrase = Self(rawValue: "wrong-passphrase")
    /// An identity without a certificate.
    public static let emptyChain = Self(rawValue: "empty-chain")
    /// A private key that doesn't belong to the first certificate of its chain.
    public static let mismatchedKey = Self(rawValue: "mismatched-key")
    /// An identity that the platform's security level refuses to use, for example RSA with 1024 bits.
    public static let unusableIdentity = Self(rawValue: "unusable-identity")
    /// A server without an identity.
    public static let missingIdentity = Self(rawValue: "missing-identity")
    /// A mode that verifies clients, and no pool to verify them against.
    public static let missingClientCAs = Self(rawValue: "missing-client-cas")
    /// A client that verifies servers, and no pool to verify them against.
    public static let missingRootCAs = Self(rawValue: "missing-root-cas")
    /// A client that verifies servers, and no name to verify them by.
    public static let missingServerName = Self(rawValue: "missing-server-name")
    /// Text that is neither a DNS name nor an IP address.
    public static let invalidServerName = Self(rawValue: "invalid-server-name")
    /// A lowest version above the highest.
    public static let invalidVersionRange = Self(rawValue: "invalid-version-range")
    /// A security level that OpenSSL doesn't have.
    public static let invalidSecurityLevel = Self(rawValue: "invalid-security-level")
    /// More CA names than a CertificateRequest can carry.
    public static let oversizedCANames = Self(rawValue: "oversized-ca-names")
    /// Two settings that exclude each other.
    public static let conflictingSettings = Self(rawValue: "conflicting-settings")
    /// A name of an application protocol that ALPN can't carry.
    public static let invalidApplicationProtocol = Self(rawValue: "invalid-application-protocol")
    /// A session lifetime, ticket keys or a number of sessions that can't be used.
    public static let invalidSessionPolicy = Self(rawValue: "invalid-session-policy")
    /// Bytes that are no exported sessions.
    public static let undecodableSessions = Self(rawValue: "undecodable-sessions")
    /// Application data was handed over before the handshake was finished.
    public static let notEstablished = Self(rawValue: "not-established")
    /// Application data was handed over after the end of the connection.
    public static let connectionClosed = Self(rawValue: "connection-closed")
    /// More application data was handed over before the end of the handshake than is kept for it.
    public static let tooManyPendingWrites = Self(rawValue: "too-many-pending-writes")
    /// The network didn't let this side listen or connect.
    public static let network = Self(rawValue: "network")
    /// A name that no route leads to.
    public static let noRoute = Self(rawValue: "no-route")
    /// A route whose pattern is no regular expression.
    public static let invalidRoute = Self(rawValue: "invalid-route")
    /// OpenSSL failed for a reason of its own.
    public static let openSSL = Self(rawValue: "openssl")
}
