package import Conformance
internal import MutualTLS

/// Plays sides with the library of this package, through its public API wherever that can say what a case asks.
package struct CountersignAdapter: StackAdapter {
    private let mutant: LibraryMutant?
    private let decoded = DecodedObjects()

    package init() {
        mutant = nil
    }

    init(mutant: LibraryMutant?) {
        self.mutant = mutant
    }

    package var stack: Stack { .countersign }

    package var versions: [String: String] { ["openssl": MutualTLSLibrary.openSSLVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial
    ) throws(AdapterError) -> any Party {
        let identity = try identity(settings.identity, of: material)
        var named: [String: any IdentityProvider] = [:]
        for (name, credential) in settings.identitiesByName {
            named[name] = try decoded.identity(material.credential(credential))
        }
        let clock = Timestamp(secondsSinceEpoch: material.now)
        var values = MutualTLSConfiguration.Server(identity: identity, currentTime: { clock })
        values.identitiesByName = named
        values.strictSNI = settings.strictSNI
        values.clientAuth = ClientAuth(settings.clientAuth)
        values.clientCAs = try settings.clientCAs.map { names throws(AdapterError) in
            try decoded.pool(material.certificates(names))
        }
        values.acceptableCANames = settings.acceptableCANames == .derived ? .derived : .none
        values.revocation = try RevocationPolicy(
            settings.revocation,
            material.revocationLists(settings.revocationLists)
        )
        values.minimumVersion = TLSVersion(version)
        values.maximumVersion = TLSVersion(version)
        values.securityLevel = try securityLevel(
            [settings.identity].compactMap(\.self) + settings.identitiesByName.values,
            material
        )
        values.mutant = mutant
        let server = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(.server(server), identity: identity, decoded: decoded, material: material)
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial
    ) throws(AdapterError) -> any Party {
        let identity = try identity(settings.identity, of: material)
        let clock = Timestamp(secondsSinceEpoch: material.now)
        var values = MutualTLSConfiguration.Client(identity: identity, currentTime: { clock })
        values.presents = settings.presents == .always ? .always : .matchingAcceptableCAs
        values.rootCAs = try settings.rootCAs.map { names throws(AdapterError) in
            try decoded.pool(material.certificates(names))
        }
        if let name = settings.serverName, !name.isEmpty {
            values.serverName = try settingUp { () throws(MutualTLSError) in try ServerName(name) }
        }
        if let sni = settings.sniOverride {
            values.sniOverride = sni.isEmpty ? .none : .verbatim(sni)
        }
        values.insecureSkipVerify = settings.insecureSkipVerify
        values.revocation = try RevocationPolicy(
            settings.revocation,
            material.revocationLists(settings.revocationLists)
        )
        values.minimumVersion = TLSVersion(version)
        values.maximumVersion = TLSVersion(version)
        values.securityLevel = try securityLevel([settings.identity].compactMap(\.self), material)
        values.mutant = mutant
        let client = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(.client(client), identity: identity, decoded: decoded, material: material)
    }

    private func identity(_ name: String?, of material: CaseMaterial) throws(AdapterError) -> CertManager? {
        guard let name else { return nil }
        return CertManager(try decoded.identity(material.credential(name)))
    }

    /// The platform refuses to present a weak key, so that its peer could not be seen refusing it: a side that holds
    /// one is let through. Nil keeps the platform's level.
    private func securityLevel(_ identities: [String], _ material: CaseMaterial) throws(AdapterError) -> Int32? {
        for name in identities where try material.credential(name).hasWeakKey {
            return 0
        }
        return nil
    }
}

extension ClientAuth {
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

extension TLSVersion {
    init(_ version: ProtocolVersion) {
        self =
            switch version {
            case .tls12: .tls12
            case .tls13: .tls13
            }
    }
}
