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
