import ThrowawayPKI

@testable import MutualTLS

/// Everything that a server rotates, several times over: the names of all its certificates end in the number of their
/// generation.
struct Generations: Sendable {
    static let count = 4

    /// The server's part of one generation.
    struct Generation: Sendable {
        let identity: Identity
        let mode: ClientAuth
        let clientCAs: CertificatePool
    }

    let all: [Generation]
    let clients: [Identity]
    let roots: CertificatePool

    init() throws {
        let pki = TestPKI(
            (0..<Self.count).flatMap { number in
                [
                    CertificateRecipe(name: "root-\(number)", isCA: true),
                    CertificateRecipe(name: "intermediate-\(number)", issuer: "root-\(number)", isCA: true),
                    CertificateRecipe(
                        name: "server-\(number)",
                        issuer: "intermediate-\(number)",
                        dnsNames: ["server.test"],
                        extendedKeyUsages: ["serverAuth"]
                    ),
                    client("client-\(number)", issuer: "root-\(number)"),
                ]
            }
        )
        all = try (0..<Self.count).map { number in
            Generation(
                identity: try pki.identity("server-\(number)", with: ["intermediate-\(number)"]),
                mode: Self.mode(number),
                clientCAs: try pki.pool("root-\(number)")
            )
        }
        clients = try (0..<Self.count).map { try pki.identity("client-\($0)") }
        roots = CertificatePool(try (0..<Self.count).map { try pki.certificate("root-\($0)") })
    }

    /// Every other generation takes any certificate.
    static func mode(_ number: Int) -> ClientAuth {
        number.isMultiple(of: 2) ? .requireAndVerifyClientCert : .requireAnyClientCert
    }

    static func number(of certificate: Certificate?) -> Int? {
        certificate?.commonName?.split(separator: "-").last.flatMap { Int($0) }
    }

    /// The mixture of generations on a connection of a client of generation `client`, or nil for none.
    static func mixture(in pair: Pairing, client: Int) -> String? {
        let (atServer, atClient) = (pair.server.information, pair.client.information)
        guard let number = number(of: atClient.peerCertificates.first) else { return "no certificate was shown" }
        guard atClient.peerCertificates.map({ Self.number(of: $0) }) == [number, number] else {
            return "leaf and chain: \(atClient.peerCertificates)"
        }
        guard pair.client.failure == nil || pair.client.failure?.reason == .peerAlert else {
            return "the client refuses: \(pair.client.failure?.message ?? "")"
        }
        let announced = atClient.acceptableCANames.map(\.text)
        guard announced == (atClient.didResume ? [] : ["CN=root-\(number)"]) else { return "names: \(announced)" }
        let isVerified = mode(number).verifiesCertificate
        guard !isVerified || client == number else {
            return pair.server.failure?.reason == .unknownAuthority && !atServer.didResume
                ? nil : "generation \(number) lets generation \(client) in"
        }
        guard pair.server.failure == nil, pair.client.failure == nil else {
            return "generation \(number) refuses \(client): \(pair.server.failure?.message ?? "by the client")"
        }
        let reports =
            atServer.isPeerVerified == isVerified && atServer.didResume == atClient.didResume
            && Self.number(of: atServer.localCertificate) == number
            && Self.number(of: atServer.peerCertificates.first) == client
        return reports ? nil : "the reports disagree in generation \(number): \(atServer)"
    }
}
