/// A GnuTLS client: settings, and the identity that its sessions present.
///
/// There is no retrieve function, because GnuTLS leaves its own choice by CA names out where there is one. A session
/// takes the credentials when it starts: `update` between the making of a session and its start takes effect, a later
/// one does not.
package final class GnuTLSClient {
    let settings: GnuTLSClientSettings
    private(set) var credentials: CertificateCredentials

    /// Loads the settings' certificates, key and CRLs.
    package init(_ settings: GnuTLSClientSettings) throws(GnuTLSError) {
        self.settings = settings
        credentials = try Self.credentials(settings.identity, settings)
    }

    /// Replaces the identity for every session that starts later; upon an error the last good one stays.
    package func update(identity: GnuTLSCredential?) throws(GnuTLSError) {
        credentials = try Self.credentials(identity, settings)
    }

    /// A session that says nothing before ``GnuTLSSession/start()``.
    package func makeSession() throws(GnuTLSError) -> GnuTLSSession {
        try GnuTLSSession(client: self)
    }

    private static func credentials(
        _ identity: GnuTLSCredential?,
        _ settings: GnuTLSClientSettings
    ) throws(GnuTLSError) -> CertificateCredentials {
        let crls = settings.revocation == .off ? [] : settings.crls
        return try CertificateCredentials(identity: identity, anchors: settings.rootCAs, crls: crls)
    }
}
