internal import COpenSSL
internal import OpenSSL

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
