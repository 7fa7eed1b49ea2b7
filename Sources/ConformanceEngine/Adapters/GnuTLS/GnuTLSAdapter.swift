package import Conformance
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
            maximumVersion: allowed
        )
        let server = try Self.settingUp { () throws(GnuTLSError) in try GnuTLSServer(values) }
        return GnuTLSParty(.server(server), material: material)
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
            maximumVersion: allowed
        )
        let client = try Self.settingUp { () throws(GnuTLSError) in try GnuTLSClient(values) }
        return GnuTLSParty(.client(client), material: material)
    }

    private func credential(_ name: String?, of material: CaseMaterial) throws(AdapterError) -> GnuTLSCredential? {
        guard let name else { return nil }
        return GnuTLSCredential(try material.credential(name), presentsFaults: true)
    }

    private static func settingUp<Value>(_ make: () throws(GnuTLSError) -> Value) throws(AdapterError) -> Value {
        do throws(GnuTLSError) {
            return try make()
        } catch {
            throw .configuration(ReasonClass(settingUp: error), detail: "\(error)")
        }
    }
}

extension GnuTLSCredential {
    /// - Parameter presentsFaults: whether a key that does not match is presented all the same, which GnuTLS by itself
    ///   refuses.
    init(_ credential: Credential, presentsFaults: Bool) {
        let fault: GnuTLSCredentialFault? =
            if credential.corruptsSignature {
                .corruptSignature
            } else if presentsFaults, !credential.hasMatchingKey {
                .mismatchedKey
            } else {
                nil
            }
        self.init(chain: credential.chain, privateKey: credential.privateKey, fault: fault)
    }
}

extension GnuTLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}

extension GnuTLSClientAuth {
    init(_ mode: ClientAuthMode) {
        self =
            switch mode {
            case .noClientCert: .noClientCert
            case .requestClientCert: .requestClientCert
            case .requireAnyClientCert: .requireAnyClientCert
            case .verifyClientCertIfGiven: .verifyClientCertIfGiven
            case .requireAndVerifyClientCert: .requireAndVerifyClientCert
            }
    }
}

extension GnuTLSRevocation {
    init(_ mode: RevocationMode) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf
            case .chain: .chain
            }
    }
}
