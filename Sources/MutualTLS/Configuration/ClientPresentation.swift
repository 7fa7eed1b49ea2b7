/// Whether a client looks at the server's CA names before it presents its certificate.
public enum ClientPresentation: String, Sendable, Hashable, CaseIterable {
    /// It always presents it, as OpenSSL, Ergo, and Go's `GetClientCertificate` do.
    case always
    /// It withholds it unless a certificate of its chain was issued by one of the names, compared byte by byte; an
    /// empty list matches. Go does so with `Config.Certificates`.
    case matchingAcceptableCAs
}
