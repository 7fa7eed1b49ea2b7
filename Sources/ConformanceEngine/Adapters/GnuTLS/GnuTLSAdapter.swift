package import ConformanceModel
internal import GnuTLSPeer

/// Plays sides with the system's GnuTLS, as a plain GnuTLS application would set it up.
///
/// GnuTLS has no configuration errors of the library's kind: a verifying server without a pool trusts nobody, and a
/// client without a name checks none. Where that differs from what is right, it is a deviation of the stack.
package struct GnuTLSAdapter: StackAdapter {
    package init() {}

    package var stack: Stack { .gnutls }

    package var versions: [String: String] { ["gnutls": GnuTLSLibrary.gnuTLSVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        var named: [(name: String, credential: GnuTLSCredential)] = []
        for (name, credential) in settings.identitiesByName.sorted(by: { $0.key < $1.key }) {
            named.append((name, GnuTLSCredential(try material.credential(credential), presentsFaults: true)))
        }
        if settings.strictSNI, let identity = settings.identity {
            // The peer knows the names that it is told; a strict server also knows those of its default identity.
            let own = GnuTLSCredential(try material.credential(identity), presentsFaults: true)
            named += try material.dnsNames(of: identity).map { ($0, own) }
        }
        let allowed = GnuTLSVersion(version)
        let values = GnuTLSServerSettings(
            identity: try credential(settings.identity, of: material),
            identitiesByName: named,
            strictSNI: settings.strictSNI,
            clientAuth: GnuTLSClientAuth(settings.clientAuth),
            clientCAs: try material.certificates(settings.clientCAs ?? []),
            caNames: settings.acceptableCANames == .derived ? .derived : .none,
            crls: try material.revocationLists(settings.revocationLists),
            revocation: GnuTLSRevocation(settings.revocation),
            minimumVersion: allowed,
            maximumVersion: allowed,
            sessions: settings.sessions.map(GnuTLSServerSettings.Sessions.init) ?? .off,
            currentTime: { clock.now }
        )
        let server = try settingUp { () throws(GnuTLSError) in try GnuTLSServer(values) }
        return GnuTLSParty(.server(server), pools: settings.pools, material: material)
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let allowed = GnuTLSVersion(version)
        let values = GnuTLSClientSettings(
            identity: try credential(settings.identity, of: material),
            presents: settings.presents == .always ? .always : .matching,
            rootCAs: try material.certificates(settings.rootCAs ?? []),
            serverName: settings.serverName,
            sni: settings.sniOverride,
            insecureSkipVerify: settings.insecureSkipVerify,
            crls: try material.revocationLists(settings.revocationLists),
            revocation: GnuTLSRevocation(settings.revocation),
            minimumVersion: allowed,
            maximumVersion: allowed,
            keepsSessions: settings.sessions != nil,
            currentTime: { clock.now }
        )
        let client = try settingUp { () throws(GnuTLSError) in try GnuTLSClient(values) }
        return GnuTLSParty(.client(client), pools: settings.pools, material: material)
    }

    private func credential(_ name: String?, of material: CaseMaterial) throws(AdapterError) -> GnuTLSCredential? {
        guard let name else { return nil }
        return GnuTLSCredential(try material.credential(name), presentsFaults: true)
    }
}
