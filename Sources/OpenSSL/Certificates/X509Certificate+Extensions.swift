internal import COpenSSL
internal import Glibc

extension X509Certificate {
    /// Whether it has the subject key identifier extension (RFC 5280 section 4.2.1.2).
    package var hasSubjectKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_subject_key_identifier, -1) >= 0 }

    /// Whether it has the authority key identifier extension (RFC 5280 section 4.2.1.1).
    package var hasAuthorityKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_authority_key_identifier, -1) >= 0 }

    /// The subject key identifier; nil without one.
    package var subjectKeyIdentifier: [UInt8]? { X509_get0_subject_key_id(pointer).map { bytes(of: $0) } }

    /// How many intermediates may stand below it (RFC 5280 section 4.2.1.9); nil for any number.
    package var pathLength: Int? {
        let length = X509_get_pathlen(pointer)
        return length < 0 ? nil : length
    }

    /// Whether it has the subject alternative name extension, even one that doesn't decode.
    package var hasAlternativeNames: Bool { X509_get_ext_by_NID(pointer, NID_subject_alt_name, -1) >= 0 }

    /// Whether it limits the names below it (RFC 5280 section 4.2.1.10).
    package var hasNameConstraints: Bool { X509_get_ext_by_NID(pointer, NID_name_constraints, -1) >= 0 }

    /// The algorithm of its signature as OpenSSL names it, for example `ecdsa-with-SHA256`.
    package var signatureAlgorithmName: String {
        guard let name = OBJ_nid2sn(X509_get_signature_nid(pointer)) else { return "unknown" }
        return String(cString: name)
    }
}

/// The purposes of TLS that a certificate's extended key usage names (RFC 5280 section 4.2.1.12).
package struct KeyPurposes: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let serverAuthentication = KeyPurposes(rawValue: UInt32(XKU_SSL_SERVER))
    package static let clientAuthentication = KeyPurposes(rawValue: UInt32(XKU_SSL_CLIENT))
    /// anyExtendedKeyUsage itself: it is not expanded to the others.
    package static let any = KeyPurposes(rawValue: UInt32(XKU_ANYEKU))
}

extension X509Certificate {
    /// Empty without the extension, with an unreadable one, and with others that OpenSSL calls invalid.
    ///
    /// OpenSSL has read them while it verified, so that this costs no decoding.
    package var keyPurposes: KeyPurposes {
        let usage = X509_get_extended_key_usage(pointer)
        return usage == UInt32.max ? [] : KeyPurposes(rawValue: usage)
    }
}

/// The subject alternative names (RFC 5280 section 4.2.1.6) of the kinds that TLS uses.
package struct AlternativeNames: Sendable, Hashable {
    package var dnsNames: [String] = []
    /// Addresses in the usual text forms; one of a wrong length is left out.
    package var ipAddresses: [String] = []
    package var uris: [String] = []
    package var emailAddresses: [String] = []
    /// How many URIs there are, malformed ones included.
    package var uriCount = 0
    /// Whether a name is no IA5String as the extension asks for: it has bytes outside ASCII. Such a name is
    /// in none of the lists.
    package var hasMalformedName = false
}

extension X509Certificate {
    /// The subject alternative names, or none when there is no such extension or it doesn't decode.
    package var alternativeNames: AlternativeNames {
        guard let extensionValue = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else {
            return AlternativeNames()
        }
        let names = OpaquePointer(extensionValue)
        defer { GENERAL_NAMES_free(names) }
        var result = AlternativeNames()
        for index in 0..<COpenSSL_sk_GENERAL_NAME_num(names) {
            guard let name = COpenSSL_sk_GENERAL_NAME_value(names, index) else { continue }
            var kind: CInt = 0
            guard let value = GENERAL_NAME_get0_value(name, &kind) else { continue }
            switch kind {
            case GEN_DNS: result.take(ia5Bytes(of: value), as: \.dnsNames)
            case GEN_URI:
                result.uriCount += 1
                result.take(ia5Bytes(of: value), as: \.uris)
            case GEN_EMAIL: result.take(ia5Bytes(of: value), as: \.emailAddresses)
            case GEN_IPADD:
                if let address = addressText(bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self))) {
                    result.ipAddresses.append(address)
                }
            default: break
            }
        }
        return result
    }

    private func ia5Bytes(of value: UnsafeMutableRawPointer) -> [UInt8] {
        bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self))
    }
}

extension AlternativeNames {
    fileprivate mutating func take(_ bytes: [UInt8], as list: WritableKeyPath<AlternativeNames, [String]>) {
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            hasMalformedName = true
            return
        }
        self[keyPath: list].append(String(decoding: bytes, as: UTF8.self))
    }
}

/// The text of an IPv4 (4 bytes) or IPv6 (16 bytes) address, or nil for any other length.
package func addressText(_ address: [UInt8]) -> String? {
    let family: CInt
    switch address.count {
    case 4: family = AF_INET
    case 16: family = AF_INET6
    default: return nil
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, address, &text, socklen_t(text.count)) != nil else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The bytes of an IPv4 or IPv6 literal, or nil if the text is neither.
package func addressBytes(_ text: String) -> [UInt8]? {
    var address = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &address) == 1 { return Array(address.prefix(4)) }
    if inet_pton(AF_INET6, text, &address) == 1 { return address }
    return nil
}
