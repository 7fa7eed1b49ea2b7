internal import ThrowawayPKI

/// What `pki` says about a certificate that it wrote.
struct MintedCertificateLine: Encodable, CustomStringConvertible {
    var name: String
    var certificate: String
    var key: String
    var chain: String
    var sha256: String

    init(_ entity: PKIEntity, folder: String) {
        name = entity.name
        certificate = "\(folder)/\(name).crt"
        key = "\(folder)/\(name).key"
        chain = "\(folder)/\(name).chain.crt"
        sha256 = entity.sha256Hex
    }

    var description: String { "\(certificate)\n\(key)\n\(chain)" }
}

/// What `pki` says about a revocation list that it wrote.
struct MintedListLine: Encodable, CustomStringConvertible {
    var name: String
    var crl: String

    init(_ name: String, folder: String) {
        self.name = name
        crl = "\(folder)/\(name).crl"
    }

    var description: String { crl }
}
