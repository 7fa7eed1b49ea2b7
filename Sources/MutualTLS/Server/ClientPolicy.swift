internal import OpenSSL

/// What one handshake asks of its client: mode and pool of one moment, never changed afterwards.
struct ClientPolicy: Sendable {
    let mode: ClientAuth
    let clientCAs: CertificatePool?
    let announced: AnnouncedNames?

    /// Refuses what would either trust by accident or fail every handshake.
    init(
        mode: ClientAuth,
        clientCAs: CertificatePool?,
        acceptableCANames: AcceptableCANames
    ) throws(MutualTLSError) {
        guard !mode.verifiesCertificate || clientCAs != nil else {
            throw MutualTLSError(
                .missingClientCAs,
                "\(mode.rawValue) verifies clients and there are no ClientCAs to verify them against. "
                    + "Set clientCAs, or choose a mode that doesn't verify."
            )
        }
        self.mode = mode
        self.clientCAs = clientCAs
        announced = mode.requestsCertificate ? acceptableCANames.announced(clientCAs: clientCAs) : nil
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
