internal import Conformance
internal import MutualTLS

/// One side of a case that the library of this package plays.
final class CountersignParty: Party {
    enum Role {
        case server(MutualTLSServer)
        case client(MutualTLSClient)
    }

    private let role: Role
    private let identity: CertManager?
    private let decoded: DecodedObjects
    private let material: CaseMaterial

    init(_ role: Role, identity: CertManager?, decoded: DecodedObjects, material: CaseMaterial) {
        self.role = role
        self.identity = identity
        self.decoded = decoded
        self.material = material
    }

    func makeEndpoint() throws(AdapterError) -> any Endpoint {
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

    func rotate(to credential: String) throws(RotationRefused) {
        guard let identity else {
            throw RotationRefused(
                reason: .noIdentity,
                detail: "a side that began without an identity has none to rotate"
            )
        }
        do throws(AdapterError) {
            identity.update(try decoded.identity(material.credential(credential)))
        } catch .configuration(let reason, let detail) {
            throw RotationRefused(reason: reason, detail: detail)
        } catch {
            throw RotationRefused(reason: .other, detail: "\(error)")
        }
    }
}
