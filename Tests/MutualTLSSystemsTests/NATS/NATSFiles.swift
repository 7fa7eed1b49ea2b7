import MutualTLS
import MutualTLSSystems
import ThrowawayPKI

/// The files of server-main and of its clients. Server and clients have authorities of their own.
struct NATSFiles {
    let folder: ScratchFolder

    private static let pki = Result {
        try PKI.mint(
            Recipe(
                certificates: [
                    CertificateRecipe(name: "server-ca", isCA: true),
                    CertificateRecipe(name: "client-ca", isCA: true),
                    CertificateRecipe(name: "second-client-ca", isCA: true),
                    CertificateRecipe(name: "foreign-ca", isCA: true),
                    CertificateRecipe(name: "server-main", issuer: "server-ca", ipAddresses: ["127.0.0.1"]),
                    CertificateRecipe(name: "server-renewed", issuer: "server-ca", ipAddresses: ["127.0.0.1"]),
                    CertificateRecipe(name: "client-a", issuer: "client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "client-b", issuer: "client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "client-c", issuer: "second-client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "client-d", issuer: "client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "client-e", issuer: "client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "client-f", issuer: "client-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(
                        name: "expired",
                        issuer: "client-ca",
                        validFrom: -172_800,
                        validTo: -86_400,
                        extendedKeyUsages: ["clientAuth"]
                    ),
                    CertificateRecipe(name: "serving", issuer: "client-ca", extendedKeyUsages: ["serverAuth"]),
                    CertificateRecipe(name: "foreign", issuer: "foreign-ca", extendedKeyUsages: ["clientAuth"]),
                    CertificateRecipe(name: "self-signed"),
                    CertificateRecipe(name: "self-signed-ca", isCA: true, keyUsages: []),
                    CertificateRecipe(name: "minted", issuer: "self-signed-ca", extendedKeyUsages: ["clientAuth"]),
                ],
                revocationLists: [CRLRecipe(name: "servers", issuer: "server-ca", revokes: ["server-renewed"])]
            ),
            now: systemClock().secondsSinceEpoch,
            seed: 11,
            keys: KeyPool()
        )
    }

    init() throws {
        folder = try ScratchFolder()
        try Self.pki.get().write(to: folder.path)
    }

    static func certificate(_ name: String) throws -> Certificate {
        guard let entity = try pki.get()[name] else { throw MissingEntry(name: name) }
        return try Certificate(der: entity.certificateDER)
    }

    /// The revocation list of the servers' authority, which revokes `server-renewed`.
    static func revoked() throws -> CertificateRevocationList {
        guard let list = try pki.get().crl("servers") else { throw MissingEntry(name: "servers") }
        return try CertificateRevocationList(der: list)
    }

    struct MissingEntry: Error { let name: String }

    /// Puts certificates one after the other into a file, as one concatenates them into a `ca_file`.
    func concatenate(_ names: [String], to file: String) throws {
        let texts = try names.map { name in
            guard let entity = try Self.pki.get()[name] else { throw MissingEntry(name: name) }
            return entity.certificatePEM
        }
        try folder.write(texts.joined(), to: file)
    }

    /// The text of server-main's configuration. The timeout is so long that a busy machine never reaches it.
    func serverText(
        identity: String = "server-main",
        authorities: String? = "client-ca.crt",
        verify: Bool = true,
        more: String = "",
        users: String = ""
    ) -> String {
        """
        listen: "127.0.0.1:-1"
        \(users)
        tls {
          cert_file: "\(folder.path(identity)).crt"
          key_file:  "\(folder.path(identity)).key"
          \(authorities.map { "ca_file: \"\(folder.path($0))\"" } ?? "")
          verify:    \(verify)
          timeout:   60
          \(more)
        }
        """
    }

    func server(
        identity: String = "server-main",
        authorities: String? = "client-ca.crt",
        verify: Bool = true,
        more: String = "",
        users: String = ""
    ) throws -> NATSConfiguration {
        try NATSConfiguration(
            parsing: serverText(identity: identity, authorities: authorities, verify: verify, more: more, users: users)
        )
    }

    func client(
        _ name: String?,
        port: Int,
        authorities: String = "server-ca.crt",
        more: String = ""
    ) throws -> NATSConfiguration {
        let identity = name.map { "cert_file: \"\(folder.path($0)).crt\", key_file: \"\(folder.path($0)).key\"" } ?? ""
        return try NATSConfiguration(
            parsing: """
                servers: ["tls://127.0.0.1:\(port)"]
                tls: {\(identity)
                  ca_file: "\(folder.path(authorities))"
                  timeout: 60
                  \(more)}
                """
        )
    }
}
