@testable import ConformanceJudge
@testable import ConformanceModel

/// A small PKI and a case on it, for tests of the oracle and the judge.
struct CaseFixture {
    var mode = ClientAuthMode.requireAndVerifyClientCert
    var version = ProtocolVersion.tls13
    var pairing = Pairing(server: .countersign, client: .gnutls)
    var credential: String? = "client"
    var server = ServerSettings()
    var client = ClientSettings()
    var steps: [Step] = [.connect, .exchange]
    var certificates: [String: CertificateSpecification] = Self.standardCertificates
    var credentials: [String: CredentialSpecification] = [:]
    var revocationLists: [String: RevocationListSpecification] = [:]

    init() {
        server.identity = "server"
        server.clientCAs = ["root"]
        client.rootCAs = ["root"]
        client.serverName = "server.test"
    }

    static func certificate(
        _ name: String,
        issuer: String?,
        _ change: (inout CertificateSpecification) -> Void = { _ in }
    ) -> CertificateSpecification {
        var certificate = CertificateSpecification(name: name, issuer: issuer)
        change(&certificate)
        return certificate
    }

    static let standardCertificates: [String: CertificateSpecification] = {
        let all = [
            certificate("root", issuer: nil) { $0.isCA = true },
            certificate("other-root", issuer: nil) { $0.isCA = true },
            certificate("mid", issuer: "root") { $0.isCA = true },
            certificate("server", issuer: "root") {
                $0.dnsNames = ["server.test"]
                $0.extendedKeyUsages = ["serverAuth"]
            },
            certificate("client", issuer: "root") { $0.extendedKeyUsages = ["clientAuth"] },
            certificate("untrusted", issuer: "other-root") { $0.extendedKeyUsages = ["clientAuth"] },
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()

    var conformanceCase: ConformanceCase {
        var server = server
        server.clientAuth = mode
        var client = client
        client.identity = credential
        var credentials = credentials
        for name in certificates.keys where credentials[name] == nil {
            credentials[name] = CredentialSpecification(name: name, certificate: name)
        }
        return ConformanceCase(
            id: "fixture/case",
            scenario: "fixture",
            axes: [],
            pairing: pairing,
            version: version,
            pki: PKISpecification(
                certificates: certificates,
                revocationLists: revocationLists,
                credentials: credentials
            ),
            server: server,
            client: client,
            steps: steps
        )
    }

    /// The outcome of the last connection by the unmutated oracle.
    var outcome: Outcome? {
        Oracle().expectation(for: conformanceCase).connections.last?.outcome
    }
}
