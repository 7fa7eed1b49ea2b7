public import MutualTLS
internal import _StringProcessing

/// Where names lead, and with whose certificate.
///
/// A route stands for itself: it takes nothing from the node's manager. Without a manager of its own it presents no
/// client certificate. A matching route that fails is an error, and no other way is tried.
public struct StaticRoute: Sendable {
    /// A regular expression. It matches a name that holds it anywhere; anchor it with `^` and `$` to match the whole.
    public var pattern: String
    /// Where matching names lead.
    public var address: NodeAddress
    /// The identity that is presented; nil presents none. A `CertAuthManager` brings root CAs and server name too.
    public var certManager: (any IdentityProvider)?
    /// The pool that servers are verified against, in place of the manager's.
    public var rootCAs: CertificatePool?
    /// The name that servers are verified by, in place of the manager's; with neither, the address's host.
    public var serverName: ServerName?

    /// A route for the names that match a pattern.
    public init(
        _ pattern: String,
        to address: NodeAddress,
        certManager: (any IdentityProvider)? = nil,
        rootCAs: CertificatePool? = nil,
        serverName: ServerName? = nil
    ) {
        self.pattern = pattern
        self.address = address
        self.certManager = certManager
        self.rootCAs = rootCAs
        self.serverName = serverName
    }

    /// Whether the name is one that this route leads to.
    ///
    /// - Throws: ``/MutualTLS/MutualTLSError/Code/invalidRoute`` for a pattern that is no regular expression.
    public func matches(_ name: String) throws(MutualTLSError) -> Bool {
        // An expression can't be shared between threads, and a connection costs far more than making one.
        do {
            return try Regex(pattern).firstMatch(in: name) != nil
        } catch {
            throw MutualTLSError(
                .invalidRoute,
                "Expected a regular expression as a route's pattern, found \"\(pattern)\". Correct the pattern.",
                cause: error
            )
        }
    }
}
