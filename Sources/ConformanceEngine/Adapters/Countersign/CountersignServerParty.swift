internal import ConformanceModel
internal import MutualTLS

/// The server of a case that the library of this package plays.
final class CountersignServerParty: Party {
    private let server: MutualTLSServer
    /// Nil when the case gives the server no identity, which the library refuses.
    private let manager: CertAuthManager?
    private let revocationLists: RevocationListManager
    private let surroundings: CountersignSurroundings

    init(_ settings: ServerSettings, _ surroundings: CountersignSurroundings) throws(AdapterError) {
        self.surroundings = surroundings
        let mode = ClientAuth(settings.clientAuth)
        let clientCAs = try surroundings.pool(settings.clientCAs)
        manager = try settings.identity.map { name throws(AdapterError) in
            CertAuthManager(try surroundings.identity(name), clientAuth: mode, clientCAs: clientCAs)
        }
        revocationLists = RevocationListManager(try surroundings.revocationLists(settings.revocationLists))

        var values: MutualTLSConfiguration.Server
        if let manager {
            let pools = MutualTLS.PoolPolicy(settings.pools)
            values = .init(manager: manager, poolPolicy: pools, currentTime: surroundings.currentTime)
        } else {
            values = .init(identity: nil, currentTime: surroundings.currentTime)
            values.clientAuth = mode
            values.clientCAs = clientCAs
        }
        for (name, credential) in settings.identitiesByName {
            values.identitiesByName[name] = try surroundings.identity(credential)
        }
        values.strictSNI = settings.strictSNI
        values.acceptableCANames = settings.acceptableCANames == .derived ? .derived : .none
        values.revocation = RevocationPolicy(settings.revocation, revocationLists)
        values.minimumVersion = TLSVersion(surroundings.version)
        values.maximumVersion = TLSVersion(surroundings.version)
        values.securityLevel = try surroundings.securityLevel(
            [settings.identity].compactMap(\.self) + settings.identitiesByName.values
        )
        if let sessions = settings.sessions {
            values.sessions = .scoped(
                lifetime: .seconds(sessions.lifetimeSeconds),
                ticketKeys: sessions.sharesTicketKeys ? .shared(secret: SharedTicketSecret.bytes) : .random()
            )
        }
        values.keyLog = surroundings.keyLog
        surroundings.alteration.server(&values)
        server = try settingUp { [values] () throws(MutualTLSError) in try values.resolve() }
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        let connection = try settingUp { () throws(MutualTLSError) in try server.makeConnection() }
        return CountersignEndpoint(connection, material: surroundings.material)
    }

    /// Tells the managers, whatever the pool policy: whether a change has an effect is the library's to decide.
    func rotate(_ change: SettingChange) throws(RotationRefused) {
        do throws(AdapterError) {
            try apply(change)
        } catch {
            throw RotationRefused(error)
        }
    }

    private func apply(_ change: SettingChange) throws(AdapterError) {
        guard let manager else { throw .harness("a server that was refused has nothing to change") }
        switch change {
        case .identity(let name): manager.update(try surroundings.identity(name))
        case .clientCAs(let names): manager.setClientCAs(try surroundings.pool(names))
        case .clientAuth(let mode): manager.setClientAuth(ClientAuth(mode))
        case .revocationLists(let names): revocationLists.update(try surroundings.revocationLists(names))
        case .rootCAs, .serverName: throw .harness("a server has no \(change.setting.rawValue)")
        }
    }
}
