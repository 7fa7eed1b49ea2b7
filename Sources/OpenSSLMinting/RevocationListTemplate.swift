internal import COpenSSL
package import OpenSSL

/// The contents of a version 2 certificate revocation list before it is signed (RFC 5280 section 5.1).
package struct RevocationListTemplate: Sendable, Hashable {
    package var issuer: DistinguishedName
    /// Seconds since the epoch; the date of every revocation too.
    package var thisUpdate: Int64
    /// Seconds since the epoch.
    package var nextUpdate: Int64
    /// The serial numbers that are revoked, as big-endian numbers.
    package var revokedSerials: [[UInt8]]
    package var extensions: [CertificateExtension]
    package var digest: MessageDigest

    package init(
        issuer: DistinguishedName,
        thisUpdate: Int64,
        nextUpdate: Int64,
        revokedSerials: [[UInt8]],
        extensions: [CertificateExtension],
        digest: MessageDigest
    ) {
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revokedSerials = revokedSerials
        self.extensions = extensions
        self.digest = digest
    }

    /// The signed list in DER.
    package func mint(signedBy signer: SigningKey) throws(OpenSSLError) -> [UInt8] {
        let list = try checkPointer("X509_CRL_new") { X509_CRL_new() }
        defer { X509_CRL_free(list) }
        try check("X509_CRL_set_version") { X509_CRL_set_version(list, 1) }
        try issuer.withPointer { (name) throws(OpenSSLError) in
            try check("X509_CRL_set_issuer_name") { X509_CRL_set_issuer_name(list, name) }
        }
        let updated = try checkPointer("ASN1_TIME_set") { ASN1_TIME_set(nil, time_t(thisUpdate)) }
        defer { ASN1_TIME_free(updated) }
        let next = try checkPointer("ASN1_TIME_set") { ASN1_TIME_set(nil, time_t(nextUpdate)) }
        defer { ASN1_TIME_free(next) }
        try check("X509_CRL_set1_lastUpdate") { X509_CRL_set1_lastUpdate(list, updated) }
        try check("X509_CRL_set1_nextUpdate") { X509_CRL_set1_nextUpdate(list, next) }
        for serial in revokedSerials {
            try Self.add(serial, revokedAt: updated, to: list)
        }
        try check("X509_CRL_sort") { X509_CRL_sort(list) }
        for source in extensions {
            let encoded = try EncodedExtension(source)
            try check("X509_CRL_add_ext") { X509_CRL_add_ext(list, encoded.pointer, -1) }
        }
        try signer.withSigningContext(digest) { (context) throws(OpenSSLError) in
            _ = try checkPositive("X509_CRL_sign_ctx") { X509_CRL_sign_ctx(list, context) }
        }
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = try checkPositive("i2d_X509_CRL") { i2d_X509_CRL(list, &buffer) }
        defer { CRYPTO_free(buffer, nil, 0) }
        return Array(UnsafeBufferPointer(start: buffer, count: length))
    }

    private static func add(
        _ serial: [UInt8],
        revokedAt date: UnsafeMutablePointer<ASN1_TIME>,
        to list: OpaquePointer
    ) throws(OpenSSLError) {
        let integer = try checkPointer("ASN1_INTEGER_new") { ASN1_INTEGER_new() }
        defer { ASN1_INTEGER_free(integer) }
        try serial.writeInteger(into: integer)
        let entry = try checkPointer("X509_REVOKED_new") { X509_REVOKED_new() }
        do throws(OpenSSLError) {
            try check("X509_REVOKED_set_serialNumber") { X509_REVOKED_set_serialNumber(entry, integer) }
            try check("X509_REVOKED_set_revocationDate") { X509_REVOKED_set_revocationDate(entry, date) }
            // Success hands the entry over to the list.
            try check("X509_CRL_add0_revoked") { X509_CRL_add0_revoked(list, entry) }
        } catch {
            X509_REVOKED_free(entry)
            throw error
        }
    }
}

/// A DER object between PEM boundaries (RFC 7468).
package enum PEMDocument {
    /// The labels of RFC 7468 that the minted objects need.
    package enum Label: String, Sendable {
        case certificate = "CERTIFICATE"
        case privateKey = "PRIVATE KEY"
        case revocationList = "X509 CRL"
    }

    /// The text of one object, with a line end after the closing boundary.
    package static func encode(_ der: [UInt8], as label: Label) throws(OpenSSLError) -> String {
        let queue = try MemoryBIO()
        _ = try checkPositive("PEM_write_bio") {
            PEM_write_bio(queue.pointer, label.rawValue, "", der, der.count)
        }
        return String(decoding: queue.readAll(), as: UTF8.self)
    }
}
