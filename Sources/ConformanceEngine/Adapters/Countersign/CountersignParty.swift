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
    private let decoded: DecodedObjects
    private let material: CaseMaterial

    init(_ role: Role, manager: CertAuthManager?, decoded: DecodedObjects, material: CaseMaterial) {
        self.role = role
        self.manager = manager
        self.decoded = decoded
        self.material = material
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        do throws(MutualTLSError) {
            let connection =
                switch role {
                case .server(let server): try server.makeConnection()
                case .client(let client): try client.makeConnection()
                }
            return CountersignEndpoint(connection, material: material)
        } catch {
            throw .configuration(ReasonClass(error), detail: "\(error)")
        }
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        guard let manager else {
            throw RotationRefused(
                reason: .noIdentity,
                detail: "a side that began without an identity has no manager that could rotate its settings"
            )
        }
        do throws(AdapterError) {
            try apply(change, to: manager)
        } catch .configuration(let reason, let detail) {
            throw RotationRefused(reason: reason, detail: detail)
        } catch {
            throw RotationRefused(reason: .other, detail: "\(error)")
        }
    }

    /// Tells the manager, whatever the pool policy: whether a change has an effect is the library's to decide.
    private func apply(_ change: SettingChange, to manager: CertAuthManager) throws(AdapterError) {
        switch change {
        case .identity(let name):
            manager.update(try decoded.identity(material.credential(name)))
        case .clientCAs(let names):
            manager.setClientCAs(try decoded.pool(material.certificates(names)))
        case .clientAuth(let mode):
            manager.setClientAuth(ClientAuth(mode))
        case .rootCAs(let names):
            manager.setRootCAs(try decoded.pool(material.certificates(names)))
        case .serverName(let name):
            manager.setServerName(try settingUp { () throws(MutualTLSError) in try ServerName(name) })
        case .revocationLists:
            throw .unsupported("the library's revocation lists are fixed when a side starts")
        }
    }
}
