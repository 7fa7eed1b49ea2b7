internal import Conformance
internal import MutualTLS

/// One side of a case that the library of this package plays.
final class CountersignParty: Party {
    enum Role {
        case server(MutualTLSServer)
        case client(MutualTLSClient)
    }

    private let role: Role
    private let manager: CertAuthManager?
    private let revocationLists: RevocationListManager
    private let decoded: DecodedObjects
    private let material: CaseMaterial

    init(
        _ role: Role,
        manager: CertAuthManager?,
        revocationLists: RevocationListManager,
        decoded: DecodedObjects,
        material: CaseMaterial
    ) {
        self.role = role
        self.manager = manager
        self.revocationLists = revocationLists
        self.decoded = decoded
        self.material = material
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        do throws(MutualTLSError) {
            let connection =
                switch role {
                case .server(let server): try server.makeConnection()
                case .client(let client): try client.makeConnection(offeringSession: offeringSession)
                }
            return CountersignEndpoint(connection, material: material)
        } catch {
            throw .configuration(ReasonClass(error), detail: "\(error)")
        }
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        do throws(AdapterError) {
            try apply(change)
        } catch .configuration(let reason, let detail) {
            throw RotationRefused(reason: reason, detail: detail)
        } catch {
            throw RotationRefused(reason: .other, detail: "\(error)")
        }
    }

    /// Tells the managers, whatever the pool policy: whether a change has an effect is the library's to decide.
    private func apply(_ change: SettingChange) throws(AdapterError) {
        switch change {
        case .identity(let name):
            try requireManager().update(try decoded.identity(material.credential(name)))
        case .clientCAs(let names):
            try requireManager().setClientCAs(try decoded.pool(material.certificates(names)))
        case .clientAuth(let mode):
            try requireManager().setClientAuth(ClientAuth(mode))
        case .rootCAs(let names):
            try requireManager().setRootCAs(try decoded.pool(material.certificates(names)))
        case .serverName(let name):
            let name = try settingUp { () throws(MutualTLSError) in try ServerName(name) }
            try requireManager().setServerName(name)
        case .revocationLists(let names):
            revocationLists.update(try decodedRevocationLists(material.revocationLists(names)))
        }
    }

    private func requireManager() throws(AdapterError) -> CertAuthManager {
        if let manager { return manager }
        throw .configuration(
            .noIdentity,
            detail: "a side that began without an identity has no manager that could rotate its settings"
        )
    }
}
