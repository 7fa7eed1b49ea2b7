internal import CGnuTLS
internal import Glibc

/// Names of a certificate's subject (RFC 5280 section 4.2.1.6) or its name constraints, by their type.
package struct GnuTLSGeneralNames: Sendable, Equatable {
    /// dNSName.
    package var dns: [String] = []
    /// iPAddress: an address in its usual text form, in name constraints with `/` and the prefix length.
    package var addresses: [String] = []
    /// rfc822Name.
    package var emails: [String] = []
    /// uniformResourceIdentifier.
    package var uris: [String] = []
    /// How many names have a type that is not read here, such as directoryName or otherName.
    package var others = 0

    /// No names.
    package init() {}

    mutating func add(_ type: gnutls_x509_subject_alt_name_t, _ bytes: [UInt8]) {
        switch type {
        case GNUTLS_SAN_DNSNAME: dns.append(CertificateHandle.text(bytes))
        case GNUTLS_SAN_RFC822NAME: emails.append(CertificateHandle.text(bytes))
        case GNUTLS_SAN_URI: uris.append(CertificateHandle.text(bytes))
        case GNUTLS_SAN_IPADDRESS: addresses.append(Self.address(bytes))
        default: others += 1
        }
    }

    /// 4 or 16 bytes are an address, twice as many an address with its mask; anything else is hexadecimal.
    private static func address(_ bytes: [UInt8]) -> String {
        switch bytes.count {
        case 4: return text(AF_INET, bytes)
        case 16: return text(AF_INET6, bytes)
        case 8, 32:
            let half = bytes.count / 2
            let prefix = bytes.suffix(half).reduce(0) { $0 + $1.nonzeroBitCount }
            return address(Array(bytes.prefix(half))) + "/\(prefix)"
        default: return "#" + bytes.hexadecimal
        }
    }

    private static func text(_ family: Int32, _ bytes: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "#" + bytes.hexadecimal }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
