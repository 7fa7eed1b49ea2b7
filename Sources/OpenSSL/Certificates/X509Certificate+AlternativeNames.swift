internal import COpenSSL
internal import Glibc

/// The subject alternative names (RFC 5280 section 4.2.1.6) of the kinds that TLS uses.
package struct AlternativeNames: Sendable, Hashable {
    package var dnsNames: [String] = []
    /// Addresses in the usual text forms; one of a wrong length is left out.
    package var ipAddresses: [String] = []
    package var uris: [String] = []
    package var emailAddresses: [String] = []
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
            case GEN_DNS: result.dnsNames.append(text(of: value))
            case GEN_URI: result.uris.append(text(of: value))
            case GEN_EMAIL: result.emailAddresses.append(text(of: value))
            case GEN_IPADD:
                if let address = addressText(bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self))) {
                    result.ipAddresses.append(address)
                }
            default: break
            }
        }
        return result
    }

    private func text(of value: UnsafeMutableRawPointer) -> String {
        String(decoding: bytes(of: value.assumingMemoryBound(to: ASN1_STRING.self)), as: UTF8.self)
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
