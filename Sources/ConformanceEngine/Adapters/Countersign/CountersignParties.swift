internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting
internal import Synchronization

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
        for (name, mode) in settings.hosts {
            guard let identity = settings.identitiesByName[name] ?? settings.identity else { continue }
            values.hosts[name] = .init(
                identity: try surroundings.identity(identity),
                clientAuth: ClientAuth(mode),
                clientCAs: clientCAs
            )
        }
        // A case says by itself which of its names is the weaker one.
        values.defaultPolicyMayBeWeaker = !settings.hosts.isEmpty
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

/// The client of a case that the library of this package plays.
final class CountersignClientParty: Party {
    private var settings: ClientSettings
    private var client: MutualTLSClient
    /// Nil for a client without an identity, which has no manager to rotate by.
    private let manager: CertAuthManager?
    private let revocationLists: RevocationListManager
    private let surroundings: CountersignSurroundings

    init(_ settings: ClientSettings, _ surroundings: CountersignSurroundings) throws(AdapterError) {
        self.settings = settings
        self.surroundings = surroundings
        let rootCAs = try surroundings.pool(settings.rootCAs)
        let serverName = try surroundings.serverName(of: settings)
        manager = try settings.identity.map { name throws(AdapterError) in
            CertAuthManager(try surroundings.identity(name), rootCAs: rootCAs, serverName: serverName)
        }
        revocationLists = RevocationListManager(try surroundings.revocationLists(settings.revocationLists))
        client = try surroundings.client(settings, manager: manager, revocationLists: revocationLists)
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        let connection = try settingUp { () throws(MutualTLSError) in
            try client.makeConnection(offeringSession: offeringSession)
        }
        return CountersignEndpoint(connection, material: surroundings.material, helloCut: settings.helloCut)
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        do throws(AdapterError) {
            try apply(change)
        } catch {
            throw RotationRefused(error)
        }
    }

    /// Tells the managers, whatever the pool policy: whether a change has an effect is the library's to decide.
    private func apply(_ change: SettingChange) throws(AdapterError) {
        if case .revocationLists(let names) = change {
            revocationLists.update(try surroundings.revocationLists(names))
            return
        }
        guard let manager else { return try renew(with: change) }
        switch change {
        case .identity(let name): manager.update(try surroundings.identity(name))
        case .rootCAs(let names): manager.setRootCAs(try surroundings.pool(names))
        case .serverName(let name): manager.setServerName(try surroundings.serverName(name))
        case .revocationLists: break
        case .clientCAs, .clientAuth: throw .harness("a client has no \(change.setting.rawValue)")
        }
    }

    /// Without a manager an application whose pools are live makes a new client, and hands its sessions on.
    private func renew(with change: SettingChange) throws(AdapterError) {
        if settings.pools == .fixed, change.setting.isFixable { return }
        if change.setting == .identity {
            throw .harness("a client that began without an identity has no manager that could rotate one")
        }
        change.apply(to: &settings)
        let renewed = try surroundings.client(settings, manager: nil, revocationLists: revocationLists)
        if settings.sessions != nil {
            let sessions = client.exportSessions()
            try settingUp { () throws(MutualTLSError) in try renewed.importSessions(sessions) }
        }
        client = renewed
    }
}

extension CountersignSurroundings {
    fileprivate func serverName(of settings: ClientSettings) throws(AdapterError) -> ServerName? {
        guard let name = settings.serverName, !name.isEmpty else { return nil }
        return try serverName(name)
    }

    fileprivate func client(
        _ settings: ClientSettings,
        manager: CertAuthManager?,
        revocationLists: RevocationListManager
    ) throws(AdapterError) -> MutualTLSClient {
        var values: MutualTLSConfiguration.Client
        if let manager {
            let pools = MutualTLS.PoolPolicy(settings.pools)
            values = .init(manager: manager, poolPolicy: pools, currentTime: currentTime)
        } else {
            values = .init(currentTime: currentTime)
            values.rootCAs = try pool(settings.rootCAs)
            values.serverName = try serverName(of: settings)
        }
        values.presents = settings.presents == .always ? .always : .matchingAcceptableCAs
        if let sni = settings.sniOverride {
            values.serverNameIndication = sni.isEmpty ? .none : .verbatim(sni)
        }
        values.insecureSkipVerify = settings.insecureSkipVerify
        values.revocation = RevocationPolicy(settings.revocation, revocationLists)
        values.minimumVersion = TLSVersion(version)
        values.maximumVersion = TLSVersion(version)
        values.securityLevel = try securityLevel([settings.identity].compactMap(\.self))
        if let sessions = settings.sessions {
            values.sessions = .scoped(lifetime: .seconds(sessions.lifetimeSeconds))
        }
        values.keyLog = keyLog
        alteration.client(&values)
        return try settingUp { [values] () throws(MutualTLSError) in try values.resolve() }
    }
}

/// Certificates and keys that were decoded lately, by their DER.
///
/// OpenSSL 3.0 looks its decoders up at each decoding, so that these are most of setting a side up; and a case has the
/// same root in two pools and everything once more in its positive control.
final class DecodedObjects: Sendable {
    private struct Kept {
        var certificates: [[UInt8]: Certificate] = [:]
        var keys: [[UInt8]: PrivateKey] = [:]
    }

    private let kept = Mutex(Kept())

    /// A key that does not match is refused by the library. A broken signature is that of a signer of the application's
    /// own, as any user may have one.
    func identity(_ credential: Credential, _ alteration: LibraryAlteration) throws(AdapterError) -> Identity {
        try settingUp { () throws(MutualTLSError) in
            let chain = try certificates(credential.chain)
            var key = try privateKey(credential.privateKey)
            if let leaf = chain.first {
                key = try alteration.privateKey(key, leaf)
                if credential.corruptsSignature {
                    let der = credential.privateKey
                    key = try PrivateKey(for: leaf) { digest in
                        try EVPKey(privateKeyDER: der).corruptSignature(ofDigest: digest)
                    }
                }
            }
            return try Identity(chain: chain, privateKey: key)
        }
    }

    func pool(_ ders: [[UInt8]]) throws(AdapterError) -> CertificatePool {
        try settingUp { () throws(MutualTLSError) in CertificatePool(try certificates(ders)) }
    }

    private func certificates(_ ders: [[UInt8]]) throws(MutualTLSError) -> [Certificate] {
        var certificates: [Certificate] = []
        for der in ders {
            certificates.append(try certificate(der))
        }
        return certificates
    }

    private func certificate(_ der: [UInt8]) throws(MutualTLSError) -> Certificate {
        if let known = kept.withLock({ $0.certificates[der] }) { return known }
        let decoded = try Certificate(der: der)
        kept.withLock { kept in
            if kept.certificates.count >= Self.limit { kept.certificates = [:] }
            kept.certificates[der] = decoded
        }
        return decoded
    }

    private func privateKey(_ der: [UInt8]) throws(MutualTLSError) -> PrivateKey {
        if let known = kept.withLock({ $0.keys[der] }) { return known }
        let decoded = try PrivateKey(der: der)
        kept.withLock { kept in
            if kept.keys.count >= Self.limit { kept.keys = [:] }
            kept.keys[der] = decoded
        }
        return decoded
    }

    /// More than any case has; what earlier cases left is let go of all at once.
    private static let limit = 64
}
