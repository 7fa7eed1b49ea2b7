internal import Conformance
internal import GnuTLSPeer

/// One side of a case that GnuTLS plays.
final class GnuTLSParty: Party {
    enum Role {
        case server(GnuTLSServer)
        case client(GnuTLSClient)
    }

    private let role: Role
    private let material: CaseMaterial

    init(_ role: Role, material: CaseMaterial) {
        self.role = role
        self.material = material
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        do throws(GnuTLSError) {
            switch role {
            case .server(let server): return GnuTLSEndpoint(try server.makeSession(), side: .server, material: material)
            case .client(let client): return GnuTLSEndpoint(try client.makeSession(), side: .client, material: material)
            }
        } catch {
            throw .configuration(ReasonClass(settingUp: error), detail: "\(error)")
        }
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        guard case .identity(let credential) = change else {
            throw RotationRefused(reason: .other, detail: "a GnuTLS side changes only its identity while it runs")
        }
        let identity: GnuTLSCredential
        do throws(AdapterError) {
            identity = GnuTLSCredential(try material.credential(credential), presentsFaults: false)
        } catch {
            throw RotationRefused(reason: .other, detail: "\(error)")
        }
        do throws(GnuTLSError) {
            switch role {
            case .server(let server): try server.update(identity: identity)
            case .client(let client): try client.update(identity: identity)
            }
        } catch {
            throw RotationRefused(reason: ReasonClass(settingUp: error), detail: "\(error)")
        }
    }
}
