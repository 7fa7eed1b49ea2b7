package import Conformance
internal import MutualTLS

/// Plays sides with the library of this package, through its public API wherever that can say what a case asks.
package struct CountersignAdapter: StackAdapter {
    private let mutant: LibraryMutant?

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
            named[name] = try Identity(material.credential(credential))
        }
        let clock = Timestamp(secondsSinceEpoch: material.now)
        var values = MutualTLSConfiguration.Server(identity: identity, currentTime: { clock })
        values.identitiesByName = named
        values.strictSNI = settings.strictSNI
        values.clientAuth = ClientAuth(settings.clientAuth)
        values.clientCAs = try settings.clientCAs.map { names throws(AdapterError) in
            try CertificatePool(material.certificates(names))
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
        return CountersignParty(.server(server), identity: identity, material: material)
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
            try CertificatePool(material.certificates(names))
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
        return CountersignParty(.client(client), identity: identity, material: material)
    }

    private func identity(_ name: String?, of material: CaseMaterial) throws(AdapterError) -> CertManager? {
        guard let name else { return nil }
        return CertManager(try Identity(material.credential(name)))
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

/// Does what the library may refuse while a side is set up; a refusal is an outcome of the case.
private func settingUp<Value>(_ make: () throws(MutualTLSError) -> Value) throws(AdapterError) -> Value {
    do throws(MutualTLSError) {
        return try make()
    } catch {
        throw .configuration(ReasonClass(error), detail: "\(error)")
    }
}

extension Identity {
    /// A key that does not match goes through the public door, which refuses it; a broken signature has no public door.
    init(_ credential: Credential) throws(AdapterError) {
        self = try settingUp { () throws(MutualTLSError) in
            var chain: [Certificate] = []
            for der in credential.chain {
                chain.append(try Certificate(der: der))
            }
            let key = try PrivateKey(der: credential.privateKey)
            return credential.corruptsSignature
                ? try Identity(chain: chain, privateKey: key, fault: .corruptSignature)
                : try Identity(chain: chain, privateKey: key)
        }
    }
}

extension CertificatePool {
    fileprivate init(_ certificates: [[UInt8]]) throws(AdapterError) {
        self = try settingUp { () throws(MutualTLSError) in
            var decoded: [Certificate] = []
            for der in certificates {
                decoded.append(try Certificate(der: der))
            }
            return CertificatePool(decoded)
        }
    }
}

extension RevocationPolicy {
    fileprivate init(_ mode: RevocationMode, _ lists: [[UInt8]]) throws(AdapterError) {
        self = try settingUp { () throws(MutualTLSError) in
            var decoded: [CertificateRevocationList] = []
            for der in lists {
                decoded.append(try CertificateRevocationList(der: der))
            }
            return switch mode {
            case .off: .off
            case .leaf: .leaf(decoded)
            case .chain: .chain(decoded)
            }
        }
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
