internal import OpenSSL

/// Which CA names a server puts into its CertificateRequest (RFC 8446 section 4.2.4, RFC 5246 section 7.4.4).
///
/// Clients of Go and GnuTLS withhold a certificate whose chain names none of them as issuer, in every mode.
public struct AcceptableCANames: Sendable {
    enum Source: Sendable {
        case derived
        case none
        case pool(CertificatePool)
        case names(AnnouncedNames)
    }

    let source: Source

    /// The subjects of the client CAs, if there are any, as Go does.
    public static let derived = AcceptableCANames(source: .derived)
    /// None: every client sends what it has.
    public static let none = AcceptableCANames(source: .none)

    /// The subjects of other certificates than the client CAs, for example the issuers of pinned leaves.
    public static func subjects(of pool: CertificatePool) -> AcceptableCANames {
        AcceptableCANames(source: .pool(pool))
    }

    /// These names, each once and in this order: for authorities whose certificates aren't at hand.
    public static func names(_ names: [DistinguishedName]) -> AcceptableCANames {
        AcceptableCANames(source: .names(AnnouncedNames(names)))
    }

    func announced(clientCAs: CertificatePool?) -> AnnouncedNames? {
        switch source {
        case .derived: clientCAs.map(AnnouncedNames.init)
        case .none: nil
        case .pool(let pool): AnnouncedNames(pool)
        case .names(let names): names
        }
    }
}

/// The names of a CertificateRequest, and what tells sessions under other names apart.
struct AnnouncedNames: Sendable {
    let stack: NameStack
    /// A SHA-256 digest of where the names come from: 32 bytes.
    let digest: [UInt8]

    init(_ pool: CertificatePool) {
        stack = pool.names
        digest = pool.digest
    }

    init(_ names: [DistinguishedName]) {
        do {
            stack = try NameStack(names.map(\.x509))
        } catch {
            fatalError("libcrypto could not keep \(names.count) decoded names: \(error)")
        }
        digest = sha256(stack.names.flatMap { sha256($0.der) })
    }
}

/// The demand of one handshake on its client: mode and pool of one moment, never changed afterwards.
struct ClientPolicy: Sendable {
    let mode: ClientAuth
    let clientCAs: CertificatePool?
    let announced: AnnouncedNames?

    /// Refuses what would either trust by accident or fail every handshake.
    init(
        _ settings: MutualTLSConfiguration.Server,
        mode configured: ClientAuth,
        clientCAs: CertificatePool?,
        acceptableCANames: AcceptableCANames? = nil
    ) throws(MutualTLSError) {
        let mode = settings.decisions.clientAuth(configured)
        guard !mode.verifiesCertificate || clientCAs != nil else {
            throw MutualTLSError(
                .missingClientCAs,
                "\(mode.rawValue) verifies clients and there are no ClientCAs to verify them against. "
                    + "Set clientCAs, or choose a mode that doesn't verify."
            )
        }
        self.mode = mode
        self.clientCAs = clientCAs
        let names = acceptableCANames ?? settings.acceptableCANames
        announced = mode.requestsCertificate ? names.announced(clientCAs: clientCAs) : nil
        // The list's length stands in two bytes (RFC 8446 section 4.2.4).
        if let length = announced?.stack.encodedLength, length > 65_535 {
            throw MutualTLSError(
                .oversizedCANames,
                "The \(announced?.stack.names.count ?? 0) CA names take \(length) bytes, and a "
                    + "CertificateRequest has room for 65535. Set acceptableCANames to .none or to fewer names."
            )
        }
    }
}
