package import Conformance
internal import MutualTLS

/// Plays sides with the library of this package, through its public API wherever that can say what a case asks.
package struct CountersignAdapter: StackAdapter {
    private let mutant: LibraryMutant?
    private let keyLog: (@Sendable (String) -> Void)?
    private let decoded = DecodedObjects()

    /// - Parameter keyLog: receives the lines of the key log of every connection; nil for none.
    package init(keyLog: (@Sendable (String) -> Void)? = nil) {
        mutant = nil
        self.keyLog = keyLog
    }

    init(mutant: LibraryMutant?) {
        self.mutant = mutant
        keyLog = nil
    }

    package var stack: Stack { .countersign }

    package var versions: [String: String] { ["openssl": MutualTLSLibrary.openSSLVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let mode = ClientAuth(settings.clientAuth)
        let clientCAs = try pool(settings.clientCAs, of: material)
        let manager = try settings.identity.map { name throws(AdapterError) in
            CertAuthManager(
                try decoded.identity(material.credential(name)),
                clientAuth: mode,
                clientCAs: clientCAs
            )
        }
        var named: [String: any IdentityProvider] = [:]
        for (name, credential) in settings.identitiesByName {
            named[name] = try decoded.identity(material.credential(credential))
        }
        let currentTime: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: clock.now) }
        var values: MutualTLSConfiguration.Server
        if let manager {
            values = MutualTLSConfiguration.Server(
                manager: manager,
                poolPolicy: MutualTLS.PoolPolicy(settings.pools),
                currentTime: currentTime
            )
        } else {
            values = MutualTLSConfiguration.Server(identity: nil, currentTime: currentTime)
            values.clientAuth = mode
            values.clientCAs = clientCAs
        }
        values.identitiesByName = named
        values.strictSNI = settings.strictSNI
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
        values.keyLog = keyLog
        let server = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(.server(server), manager: manager, decoded: decoded, material: material)
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let rootCAs = try pool(settings.rootCAs, of: material)
        var serverName: ServerName?
        if let name = settings.serverName, !name.isEmpty {
            serverName = try settingUp { () throws(MutualTLSError) in try ServerName(name) }
        }
        let manager = try settings.identity.map { name throws(AdapterError) in
            CertAuthManager(
                try decoded.identity(material.credential(name)),
                rootCAs: rootCAs,
                serverName: serverName
            )
        }
        let currentTime: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: clock.now) }
        var values: MutualTLSConfiguration.Client
        if let manager {
            values = MutualTLSConfiguration.Client(
                manager: manager,
                poolPolicy: MutualTLS.PoolPolicy(settings.pools),
                currentTime: currentTime
            )
        } else {
            values = MutualTLSConfiguration.Client(currentTime: currentTime)
            values.rootCAs = rootCAs
            values.serverName = serverName
        }
        values.presents = settings.presents == .always ? .always : .matchingAcceptableCAs
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
        values.keyLog = keyLog
        let client = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(.client(client), manager: manager, decoded: decoded, material: material)
    }

    private func pool(_ names: [String]?, of material: CaseMaterial) throws(AdapterError) -> CertificatePool? {
        guard let names else { return nil }
        return try decoded.pool(material.certificates(names))
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
