internal import COpenSSL
package import OpenSSL

/// The contents of a certificate before it is signed (RFC 5280 section 4.1.2).
package struct CertificateTemplate: Sendable, Hashable {
    /// 1 or 3, as the standard counts and not as the encoding does.
    package var version: Int
    /// The serial number as a positive big-endian number.
    package var serial: [UInt8]
    package var subject: DistinguishedName
    package var issuer: DistinguishedName
    /// Seconds since the epoch. Years before 1950 or after 2049 are written as GeneralizedTime, others as UTCTime
    /// (RFC 5280 section 4.1.2.5).
    package var notBefore: Int64
    /// Seconds since the epoch.
    package var notAfter: Int64
    /// In the order in which they are written; version 1 has none.
    package var extensions: [CertificateExtension]
    /// The digest of the issuer's signature; Ed25519 has its own.
    package var digest: MessageDigest

    package init(
        version: Int,
        serial: [UInt8],
        subject: DistinguishedName,
        issuer: DistinguishedName,
        notBefore: Int64,
        notAfter: Int64,
        extensions: [CertificateExtension],
        digest: MessageDigest
    ) {
        self.version = version
        self.serial = serial
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.extensions = extensions
        self.digest = digest
    }
}

extension X509Certificate {
    /// Makes a certificate for the public half of `key`, signed by `signer`.
    ///
    /// Nothing is checked against RFC 5280 on purpose: defective certificates are what tests need.
    ///
    /// - Parameters:
    ///   - authority: a certificate whose subject is the issuer, octet for octet, in place of the template's.
    ///   - subject: one whose subject is this one's too.
    package convenience init(
        minting template: CertificateTemplate,
        for key: SigningKey,
        signedBy signer: SigningKey,
        issuedBy authority: X509Certificate? = nil,
        named subject: X509Certificate? = nil
    ) throws(OpenSSLError) {
        let pointer = try checkPointer("X509_new") { X509_new() }
        self.init(takingOwnershipOf: pointer)
        try check("X509_set_version") { X509_set_version(pointer, template.version - 1) }
        try template.serial.writeInteger(into: X509_get_serialNumber(pointer))
        try template.subject.withPointer { (name) throws(OpenSSLError) in
            try check("X509_set_subject_name") { X509_set_subject_name(pointer, name) }
        }
        if let subject {
            try check("X509_set_subject_name") {
                X509_set_subject_name(pointer, X509_get_subject_name(subject.pointer))
            }
        }
        if let authority {
            try check("X509_set_issuer_name") {
                X509_set_issuer_name(pointer, X509_get_subject_name(authority.pointer))
            }
        } else {
            try template.issuer.withPointer { (name) throws(OpenSSLError) in
                try check("X509_set_issuer_name") { X509_set_issuer_name(pointer, name) }
            }
        }
        _ = try checkPointer("ASN1_TIME_set") {
            ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(template.notBefore))
        }
        _ = try checkPointer("ASN1_TIME_set") { ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(template.notAfter)) }
        try key.publicKey.write(into: X509_get_X509_PUBKEY(pointer))
        for source in template.extensions {
            let encoded = try EncodedExtension(source)
            try check("X509_add_ext") { X509_add_ext(pointer, encoded.pointer, -1) }
        }
        try signer.withSigningContext(template.digest) { (context) throws(OpenSSLError) in
            _ = try checkPositive("X509_sign_ctx") { X509_sign_ctx(pointer, context) }
        }
    }

    /// The certificate with another signature in place of its own, or with its own turned in a bit.
    ///
    /// - Parameter signature: in DER, as the BIT STRING holds it; nil to turn the last bit of what is there.
    package func replacingSignature(with signature: [UInt8]?) throws(OpenSSLError) -> X509Certificate {
        var bytes = der
        guard let signature else {
            bytes[bytes.count - 1] ^= 1
            return try X509Certificate(der: bytes)
        }
        var value: UnsafePointer<ASN1_BIT_STRING>?
        X509_get0_signature(&value, nil, pointer)
        let length = Int(value.map { ASN1_STRING_length($0) } ?? 0)
        // The signature is the last element: the header of its BIT STRING, a count of unused bits, and its octets.
        let header = length + 1 < 128 ? 2 : length + 1 < 256 ? 3 : 4
        let outer = bytes[1] & 0x80 == 0 ? 2 : 2 + Int(bytes[1] & 0x7F)
        let kept = Array(bytes[outer..<(bytes.count - length - 1 - header)])
        let contents = kept + [0x03, UInt8(signature.count + 1), 0x00] + signature
        bytes = [0x30, 0x82, UInt8(contents.count >> 8), UInt8(contents.count & 0xFF)] + contents
        return try X509Certificate(der: bytes)
    }

    /// Whether the signature was made by `key`; names and extensions are not looked at.
    package func isSigned(by key: SigningKey) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        return X509_verify(pointer, key.key.pointer) == 1
    }
}

extension [UInt8] {
    /// Writes a positive big-endian number; leading zeros are left out, as DER wants the shortest form.
    func writeInteger(into integer: UnsafeMutablePointer<ASN1_INTEGER>) throws(OpenSSLError) {
        let digits = Array(drop { $0 == 0 })
        let value = digits.isEmpty ? [0] : digits
        try check("ASN1_STRING_set") { ASN1_STRING_set(integer, value, CInt(value.count)) }
    }
}

/// A name of a subject or an issuer (RFC 5280 section 4.1.2.4) with the attributes that the minted names have.
///
/// Equal values always have equal encodings, so an issuer's name matches the subject that it was taken from.
package struct DistinguishedName: Sendable, Hashable {
    package var organization: String?
    package var commonName: String?

    package init(organization: String? = nil, commonName: String? = nil) {
        self.organization = organization
        self.commonName = commonName
    }

    /// Lends the name as an X509_NAME.
    func withPointer(_ body: (OpaquePointer) throws(OpenSSLError) -> Void) throws(OpenSSLError) {
        let name = try checkPointer("X509_NAME_new") { X509_NAME_new() }
        defer { X509_NAME_free(name) }
        for (attribute, value) in [(NID_organizationName, organization), (NID_commonName, commonName)] {
            guard let value else { continue }
            let bytes = Array(value.utf8)
            try check("X509_NAME_add_entry_by_NID") {
                X509_NAME_add_entry_by_NID(name, attribute, MBSTRING_UTF8, bytes, CInt(bytes.count), -1, 0)
            }
        }
        try body(name)
    }
}

/// An extension of a certificate or a revocation list (RFC 5280 sections 4.2 and 5.2).
package enum CertificateExtension: Sendable, Hashable {
    case basicConstraints(isCA: Bool, pathLength: Int?)
    case keyUsage([KeyUsage])
    /// Key purposes as dotted object identifiers.
    case extendedKeyUsage([String])
    case subjectAlternativeName([GeneralName], isCritical: Bool)
    case nameConstraints(permitted: [GeneralName], excluded: [GeneralName])
    case subjectKeyIdentifier([UInt8])
    case authorityKeyIdentifier([UInt8])
    case crlNumber(Int)
    /// Any other extension, with its value as it stands in the extnValue octet string.
    case other(identifier: String, isCritical: Bool, value: [UInt8])

    /// The bits of the key usage extension (RFC 5280 section 4.2.1.3), by their numbers.
    package enum KeyUsage: Int, Sendable, Hashable, CaseIterable {
        case digitalSignature = 0
        case nonRepudiation
        case keyEncipherment
        case dataEncipherment
        case keyAgreement
        case keyCertSign
        case cRLSign
        case encipherOnly
        case decipherOnly
    }

    /// Whether a verifier that doesn't know the extension must refuse the certificate.
    package var isCritical: Bool {
        switch self {
        case .basicConstraints(let isCA, _): isCA
        case .keyUsage, .nameConstraints: true
        case .extendedKeyUsage, .subjectKeyIdentifier, .authorityKeyIdentifier, .crlNumber: false
        case .subjectAlternativeName(_, let isCritical), .other(_, let isCritical, _): isCritical
        }
    }
}

/// A subject alternative name or the base of a name constraint (RFC 5280 sections 4.2.1.6 and 4.2.1.10).
package enum GeneralName: Sendable, Hashable {
    case dns(String)
    case email(String)
    case uri(String)
    /// 4 or 16 octets; twice as many (address, then mask) in a name constraint.
    case ip([UInt8])
    case directory(DistinguishedName)

    /// Makes a GENERAL_NAME that the caller frees or hands on.
    func makePointer() throws(OpenSSLError) -> UnsafeMutablePointer<GENERAL_NAME> {
        if case .directory(let name) = self { return try Self.makePointer(name) }
        let (type, stringType, bytes): (CInt, CInt, [UInt8]) =
            switch self {
            case .dns(let name): (GEN_DNS, V_ASN1_IA5STRING, Array(name.utf8))
            case .email(let address): (GEN_EMAIL, V_ASN1_IA5STRING, Array(address.utf8))
            case .uri(let uri): (GEN_URI, V_ASN1_IA5STRING, Array(uri.utf8))
            case .ip(let octets): (GEN_IPADD, V_ASN1_OCTET_STRING, octets)
            case .directory: (GEN_DIRNAME, V_ASN1_OCTET_STRING, [])
            }
        let string = try checkPointer("ASN1_STRING_type_new") { ASN1_STRING_type_new(stringType) }
        do throws(OpenSSLError) {
            try check("ASN1_STRING_set") { ASN1_STRING_set(string, bytes, CInt(bytes.count)) }
            let name = try checkPointer("GENERAL_NAME_new") { GENERAL_NAME_new() }
            // The name owns the string from here on.
            GENERAL_NAME_set0_value(name, type, string)
            return name
        } catch {
            ASN1_STRING_free(string)
            throw error
        }
    }

    private static func makePointer(
        _ directory: DistinguishedName
    ) throws(OpenSSLError) -> UnsafeMutablePointer<GENERAL_NAME> {
        let name = try checkPointer("GENERAL_NAME_new") { GENERAL_NAME_new() }
        do throws(OpenSSLError) {
            try directory.withPointer { (pointer) throws(OpenSSLError) in
                let copy = try checkPointer("X509_NAME_dup") { X509_NAME_dup(pointer) }
                // The name owns the copy from here on.
                GENERAL_NAME_set0_value(name, GEN_DIRNAME, UnsafeMutableRawPointer(copy))
            }
            return name
        } catch {
            GENERAL_NAME_free(name)
            throw error
        }
    }
}
