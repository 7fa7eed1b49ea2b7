/// A client's settings, loaded: what its sessions take until the next update.
final class ClientGeneration {
    let settings: GnuTLSClientSettings
    let snapshot: Snapshot
    /// The name for the ClientHello's server_name; nil sends none.
    let sni: String?

    init(_ settings: GnuTLSClientSettings) throws(GnuTLSError) {
        self.settings = settings
        let crls = settings.revocation == .off ? [] : settings.crls
        let credentials = try CertificateCredentials(
            identity: settings.identity,
            anchors: settings.rootCAs,
            crls: crls
        )
        let peerName = settings.serverName.flatMap(PeerName.init)
        snapshot = Snapshot(credentials: credentials, trust: credentials, peerName: peerName)
        let sni = settings.sni ?? settings.serverName.flatMap(PeerName.sni(for:))
        self.sni = sni.flatMap { $0.isEmpty ? nil : $0 }
        if let sni = self.sni { try GnuTLSSession.checkServerName(sni) }
    }
}
