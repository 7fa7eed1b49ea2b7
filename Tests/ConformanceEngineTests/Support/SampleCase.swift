import ConformanceModel

@testable import ConformanceEngine

/// Cases on one small PKI: two CAs, two servers, and clients good, foreign and expired.
enum SampleCase {
    static func make(
        _ id: String,
        _ setting: Setting,
        credential: String? = "client",
        clientAuth: ClientAuthMode = .requireAndVerifyClientCert,
        steps: [Step] = [.connect, .exchange],
        change: (inout ConformanceCase) -> Void = { _ in }
    ) -> ConformanceCase {
        var server = ServerSettings()
        server.identity = "server"
        server.clientAuth = clientAuth
        server.clientCAs = ["root"]
        var client = ClientSettings()
        client.identity = credential
        client.rootCAs = ["root"]
        client.serverName = "server.test"
        var made = ConformanceCase(
            id: "\(id)/\(setting.version.idComponent)/\(setting.pairing)",
            scenario: id,
            axes: [],
            pairing: setting.pairing,
            version: setting.version,
            pki: pki,
            server: server,
            client: client,
            steps: steps
        )
        change(&made)
        return made
    }

    /// Adds the control that presents `client`.
    static func addControl(_ testCase: inout ConformanceCase) {
        var client = testCase.client
        client.identity = "client"
        testCase.control = Control(server: testCase.server, client: client)
    }

    private static let pki: PKISpecification = {
        let certificates = [
            authority("root"), authority("other-root"),
            leaf("server", purpose: "serverAuth") { $0.dnsNames = ["server.test"] },
            leaf("server-b", purpose: "serverAuth") { $0.dnsNames = ["server.test"] },
            leaf("client", purpose: "clientAuth"), leaf("client-b", purpose: "clientAuth"),
            leaf("stranger", purpose: "clientAuth") { $0.issuer = "other-root" },
            leaf("expired", purpose: "clientAuth") { ($0.validFrom, $0.validTo) = (-7_200, -3_600) },
        ]
        var mismatched = CredentialSpecification(name: "wrong-key", certificate: "client-b")
        mismatched.keyOf = "client"
        var mismatchedServer = CredentialSpecification(name: "wrong-server-key", certificate: "server-b")
        mismatchedServer.keyOf = "server"
        var corrupt = CredentialSpecification(name: "corrupt", certificate: "client")
        corrupt.corruptsSignature = true
        return PKISpecification(
            certificates: Dictionary(uniqueKeysWithValues: certificates.map { ($0.name, $0) }),
            credentials: ["wrong-key": mismatched, "wrong-server-key": mismatchedServer, "corrupt": corrupt]
        )
    }()

    private static func authority(_ name: String) -> CertificateSpecification {
        var authority = CertificateSpecification(name: name)
        authority.isCA = true
        return authority
    }

    private static func leaf(
        _ name: String,
        purpose: String,
        change: (inout CertificateSpecification) -> Void = { _ in }
    ) -> CertificateSpecification {
        var leaf = CertificateSpecification(name: name, issuer: "root")
        leaf.extendedKeyUsages = [purpose]
        change(&leaf)
        return leaf
    }
}
