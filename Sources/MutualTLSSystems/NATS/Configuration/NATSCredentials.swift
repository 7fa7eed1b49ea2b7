internal import Logging
internal import MutualTLS
internal import MutualTLSFiles

/// What the files of a `tls` block hold.
struct NATSCredentials: Sendable {
    let identity: Identity?
    let authorities: CertificatePool?

    /// Reads the files. A server needs an identity; a client may be anonymous.
    init(_ block: NATSTLSBlock, isServer: Bool, logger: Logger?) throws {
        switch (block.certFile, block.keyFile) {
        case (let certificate?, let key?):
            identity = try IdentityFiles(certificate: certificate, privateKey: key).load(logger: logger)
        case (nil, nil) where !isServer:
            identity = nil
        case (nil, _):
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no cert_file. Name the file of the certificate."
            )
        case (_, nil):
            throw MutualTLSSystemsError(.missingKey, "The tls block has no key_file. Name the file of the private key.")
        }
        authorities = try block.caFile.map { try CertificatePoolFiles($0).load() }
        let needsAuthorities = isServer ? block.requiresClientCertificate : !block.insecure
        if authorities == nil, needsAuthorities {
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no ca_file, and \(isServer ? "verify is set" : "a client verifies its server"). "
                    + "Name the file of the authorities: none never means the system's."
            )
        }
        for warning in block.warnings + NATSCredentials.warnings(authorities) { logger?.warning("\(warning)") }
    }

    /// A pool that holds individual certificates beside authorities: whoever holds one of the latter can sign more.
    static func warnings(_ pool: CertificatePool?) -> [String] {
        guard let certificates = pool?.certificates, certificates.contains(where: { !$0.isCertificateAuthority }) else {
            return []
        }
        return certificates.filter(\.isCertificateAuthority).map(Self.warning)
    }

    /// For a certificate that is pinned and a certificate authority.
    static func warning(_ certificate: Certificate) -> String {
        "\(certificate) in ca_file is a certificate authority: its holder can sign further certificates, and they are "
            + "accepted too. Pin a certificate with CA:FALSE."
    }
}
