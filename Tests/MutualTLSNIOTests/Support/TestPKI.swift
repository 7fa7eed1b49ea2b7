import Glibc
import GnuTLSPeer
import MutualTLS
import ThrowawayPKI

/// One PKI for all tests. Its times are relative to the present, because GnuTLS has a clock of its own.
enum TestPKI {
    static let now = Int64(time(nil))
    static let clock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: now) }

    static let pki: PKI = {
        let certificates = [
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "other-root", isCA: true),
            CertificateRecipe(
                name: "server",
                issuer: "root",
                dnsNames: ["server.test"],
                ipAddresses: ["127.0.0.1"],
                extendedKeyUsages: ["serverAuth"]
            ),
            CertificateRecipe(name: "valid", issuer: "root", extendedKeyUsages: ["clientAuth"]),
            CertificateRecipe(name: "untrusted", issuer: "other-root", extendedKeyUsages: ["clientAuth"]),
            CertificateRecipe(
                name: "expired",
                issuer: "root",
                validFrom: -172_800,
                validTo: -86_400,
                extendedKeyUsages: ["clientAuth"]
            ),
            CertificateRecipe(
                name: "server-expired",
                issuer: "root",
                validFrom: -172_800,
                validTo: -86_400,
                dnsNames: ["server.test"],
                extendedKeyUsages: ["serverAuth"]
            ),
            CertificateRecipe(
                name: "server-for-clients",
                issuer: "root",
                dnsNames: ["server.test"],
                extendedKeyUsages: ["clientAuth"]
            ),
            CertificateRecipe(name: "wrong-purpose", issuer: "root", extendedKeyUsages: ["serverAuth"]),
            CertificateRecipe(name: "alpha", issuer: "root", ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(name: "alpha-renewed", issuer: "root", ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(name: "beta", issuer: "root", ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(name: "foreign", issuer: "other-root", ipAddresses: ["127.0.0.1"]),
            CertificateRecipe(
                name: "billing",
                issuer: "root",
                subject: Subject(commonName: "billing", organization: "Ops"),
                dnsNames: ["billing.test"],
                uris: ["spiffe://test/billing"],
                extendedKeyUsages: ["clientAuth"],
                serial: [0x0A, 0xBC]
            ),
            CertificateRecipe(name: "named", issuer: "root", dnsNames: ["named.test"]),
            CertificateRecipe(name: "middle", issuer: "root", isCA: true),
            CertificateRecipe(name: "deep", issuer: "middle", extendedKeyUsages: ["clientAuth"]),
            CertificateRecipe(
                name: "nameless",
                issuer: "root",
                subject: Subject(commonName: nil, organization: "Ops"),
                extendedKeyUsages: ["clientAuth"]
            ),
            CertificateRecipe(name: "admin", issuer: "root", dnsNames: ["admin.test", "admin.wild.test"]),
            CertificateRecipe(name: "wild", issuer: "root", dnsNames: ["a.wild.test", "b.wild.test"]),
        ]
        let lists = [
            CRLRecipe(name: "nobody", issuer: "root"),
            CRLRecipe(name: "server-revoked", issuer: "root", revokes: ["server"]),
        ]
        do {
            return try PKI.mint(
                Recipe(certificates: certificates, revocationLists: lists),
                now: now,
                seed: 7,
                keys: KeyPool()
            )
        } catch {
            fatalError("the tests' PKI can't be minted: \(error)")
        }
    }()

    static func entity(_ name: String) -> PKIEntity {
        guard let entity = pki[name] else { fatalError("no entry \(name) in the tests' PKI") }
        return entity
    }

    static func identity(_ name: String) throws -> Identity {
        try Identity(
            chain: pki.chain(of: name).map { try Certificate(der: $0.certificateDER) },
            privateKey: PrivateKey(der: entity(name).privateKeyPKCS8)
        )
    }

    static func pool(_ names: String...) throws -> CertificatePool {
        CertificatePool(try names.map { try Certificate(der: entity($0).certificateDER) })
    }

    static func lists(_ name: String) throws -> RevocationListSet {
        guard let der = pki.crl(name) else { fatalError("no list \(name) in the tests' PKI") }
        return RevocationListSet([try CertificateRevocationList(der: der)])
    }

    /// A server of `server.test`, which verifies against `root` where its mode verifies.
    static func server(
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        identity name: String = "server"
    ) throws -> MutualTLSServer {
        var settings = MutualTLSConfiguration.Server(identity: try identity(name), currentTime: clock)
        settings.clientAuth = mode
        if mode.verifiesCertificate { settings.clientCAs = try pool("root") }
        return try settings.resolve()
    }

    static func client(
        _ credential: String? = "valid",
        _ version: TLSVersion = .tls13,
        roots: String = "root"
    ) throws -> MutualTLSClient {
        var settings = MutualTLSConfiguration.Client(identity: try credential.map(identity), currentTime: clock)
        settings.rootCAs = try pool(roots)
        settings.serverName = try ServerName("server.test")
        settings.minimumVersion = version
        settings.maximumVersion = version
        return try settings.resolve()
    }

    /// A GnuTLS server that asks for no certificate.
    static func gnuTLSServer(_ name: String, _ version: TLSVersion) throws -> GnuTLSServer {
        try GnuTLSServer(
            GnuTLSServerSettings(
                identity: gnuTLSCredential(name),
                minimumVersion: version == .tls12 ? .tls12 : .tls13,
                maximumVersion: version == .tls12 ? .tls12 : .tls13
            )
        )
    }

    private static func gnuTLSCredential(_ name: String) -> GnuTLSCredential {
        GnuTLSCredential(
            chain: pki.chain(of: name).map(\.certificateDER),
            privateKey: entity(name).privateKeyPKCS8
        )
    }

    static func gnuTLSClient(_ credential: String?, _ version: TLSVersion) throws -> GnuTLSClient {
        try GnuTLSClient(
            GnuTLSClientSettings(
                identity: credential.map(gnuTLSCredential),
                presents: .always,
                rootCAs: [entity("root").certificateDER],
                serverName: "server.test",
                minimumVersion: version == .tls12 ? .tls12 : .tls13,
                maximumVersion: version == .tls12 ? .tls12 : .tls13
            )
        )
    }
}
