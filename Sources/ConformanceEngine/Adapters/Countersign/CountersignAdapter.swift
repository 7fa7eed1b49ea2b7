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
        let revocationLists = try revocationLists(settings.revocationLists, of: material)
        values.revocation = RevocationPolicy(settings.revocation, revocationLists)
        values.minimumVersion = TLSVersion(version)
        values.maximumVersion = TLSVersion(version)
        values.securityLevel = try securityLevel(
            [settings.identity].compactMap(\.self) + settings.identitiesByName.values,
            material
        )
        values.mutant = mutant
        if let sessions = settings.sessions {
            values.sessions = .scoped(
                lifetime: .seconds(sessions.lifetimeSeconds),
                ticketKeys: sessions.sharesTicketKeys ? .shared(secret: SharedTicketSecret.bytes) : .random()
            )
        }
        let server = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(
            .server(server),
            manager: manager,
            revocationLists: revocationLists,
            decoded: decoded,
            material: material
        )
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
        let revocationLists = try revocationLists(settings.revocationLists, of: material)
        values.revocation = RevocationPolicy(settings.revocation, revocationLists)
        values.minimumVersion = TLSVersion(version)
        values.maximumVersion = TLSVersion(version)
        values.securityLevel = try securityLevel([settings.identity].compactMap(\.self), material)
        values.mutant = mutant
        if let sessions = settings.sessions {
            values.sessions = .scoped(lifetime: .seconds(sessions.lifetimeSeconds))
        }
        let client = try settingUp { () throws(MutualTLSError) in try values.resolve() }
        return CountersignParty(
            .client(client),
            manager: manager,
            revocationLists: revocationLists,
            decoded: decoded,
            material: material
        )
    }

    private func pool(_ names: [String]?, of material: CaseMaterial) throws(AdapterError) -> CertificatePool? {
        guard let names else { return nil }
        return try decoded.pool(material.certificates(names))
    }

    private func revocationLists(
        _ names: [String],
        of material: CaseMaterial
    ) throws(AdapterError) -> RevocationListManager {
        RevocationListManager(try decodedRevocationLists(material.revocationLists(names)))
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
