internal import ConformanceModel
internal import GnuTLSPeer

/// One side of a case that GnuTLS plays.
final class GnuTLSParty: Party {
    enum Role {
        case server(GnuTLSServer)
        case client(GnuTLSClient)
    }

    private let role: Role
    private let pools: PoolPolicy
    private let material: CaseMaterial

    init(_ role: Role, pools: PoolPolicy, material: CaseMaterial) {
        self.role = role
        self.pools = pools
        self.material = material
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        do throws(GnuTLSError) {
            switch role {
            case .server(let server):
                return GnuTLSEndpoint(try server.makeSession(), side: .server, material: material)
            case .client(let client):
                let session = try client.makeSession(offeringSession: offeringSession)
                return GnuTLSEndpoint(session, side: .client, material: material)
            }
        } catch {
            throw .configuration(ReasonClass(settingUp: error), detail: "\(error)")
        }
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        // GnuTLS has no policy of its own: an application that reads its pools at its start never tells it of others.
        if pools == .fixed, change.setting.isFixable { return }
        do throws(AdapterError) {
            switch role {
            case .server(let server): try update(server, change)
            case .client(let client): try update(client, change)
            }
        } catch {
            throw RotationRefused(error)
        }
    }

    private func update(_ server: GnuTLSServer, _ change: SettingChange) throws(AdapterError) {
        switch change {
        case .identity(let name):
            let credential = GnuTLSCredential(try material.credential(name), presentsFaults: false)
            try settingUp { () throws(GnuTLSError) in try server.update(identity: credential) }
        case .clientCAs(let names):
            let anchors = try material.certificates(names)
            try settingUp { () throws(GnuTLSError) in try server.update(clientCAs: anchors) }
        case .clientAuth(let mode):
            try settingUp { () throws(GnuTLSError) in try server.update(clientAuth: GnuTLSClientAuth(mode)) }
        case .revocationLists(let names):
            let lists = try material.revocationLists(names)
            try settingUp { () throws(GnuTLSError) in try server.update(crls: lists) }
        case .rootCAs, .serverName:
            throw .harness("a server has no \(change.setting.rawValue)")
        }
    }

    private func update(_ client: GnuTLSClient, _ change: SettingChange) throws(AdapterError) {
        switch change {
        case .identity(let name):
            let credential = GnuTLSCredential(try material.credential(name), presentsFaults: false)
            try settingUp { () throws(GnuTLSError) in try client.update(identity: credential) }
        case .rootCAs(let names):
            let anchors = try material.certificates(names)
            try settingUp { () throws(GnuTLSError) in try client.update(rootCAs: anchors) }
        case .serverName(let name):
            try settingUp { () throws(GnuTLSError) in try client.update(serverName: name) }
        case .revocationLists(let names):
            let lists = try material.revocationLists(names)
            try settingUp { () throws(GnuTLSError) in try client.update(crls: lists) }
        case .clientCAs, .clientAuth:
            throw .harness("a client has no \(change.setting.rawValue)")
        }
    }
}
