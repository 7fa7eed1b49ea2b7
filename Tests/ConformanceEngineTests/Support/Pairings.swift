import ConformanceModel
import Testing

extension Pairing {
    static let gnutls = Pairing(server: .gnutls, client: .gnutls)
    /// Every stack of this program with every other and with itself.
    static let all = [Stack.countersign, .gnutls].flatMap { server in
        [Stack.countersign, .gnutls].map { Pairing(server: server, client: $0) }
    }
}

/// Every pairing in every version.
struct Setting: Hashable, Sendable, CustomTestStringConvertible {
    var pairing: Pairing
    var version: ProtocolVersion

    static let all = Pairing.all.flatMap { pairing in
        ProtocolVersion.allCases.map { Setting(pairing: pairing, version: $0) }
    }

    var testDescription: String { "\(pairing), TLS \(version.rawValue)" }
}
