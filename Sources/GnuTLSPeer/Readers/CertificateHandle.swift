internal import CGnuTLS
internal import Glibc

/// Owns a `gnutls_x509_crt_t`.
final class CertificateHandle {
    private(set) var pointer: gnutls_x509_crt_t?
    let der: [UInt8]

    init(der: [UInt8]) throws(GnuTLSError) {
        self.der = der
        try GnuTLSError.check(gnutls_x509_crt_init(&pointer), "making a certificate")
        let result = der.withDatum { gnutls_x509_crt_import(pointer, &$0, GNUTLS_X509_FMT_DER) }
        try GnuTLSError.check(result, "reading a certificate of \(der.count) bytes, expected DER")
    }

    deinit {
        if let pointer { gnutls_x509_crt_deinit(pointer) }
    }
}

extension CertificateHandle {
    /// Reads a list that GnuTLS hands out by index into a buffer, until it says that there is no such element.
    ///
    /// The call gets the index, a buffer, its size, and a flag for "critical", and returns a type or 0, or an error below
    /// zero. A buffer that is too small is reported with the size that is needed.
    static func elements<Element>(
        _ operation: String,
        _ call: (UInt32, UnsafeMutableRawPointer, inout Int, inout UInt32) -> Int32,
        _ element: (_ bytes: [UInt8], _ isCritical: Bool, _ type: Int32) -> Element
    ) throws(GnuTLSError) -> [Element] {
        var result: [Element] = []
        while true {
            var buffer = [UInt8](repeating: 0, count: 1024)
            var size = buffer.count
            var critical: UInt32 = 0
            var code = buffer.withUnsafeMutableBytes { call(UInt32(result.count), $0.baseAddress!, &size, &critical) }
            if code == GNUTLS_E_SHORT_MEMORY_BUFFER {
                buffer = [UInt8](repeating: 0, count: size)
                code = buffer.withUnsafeMutableBytes { call(UInt32(result.count), $0.baseAddress!, &size, &critical) }
            }
            if code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return result }
            try GnuTLSError.check(code, operation)
            result.append(element(Array(buffer.prefix(size)), critical != 0, code))
        }
    }

    /// Text that GnuTLS wrote into a buffer: with its terminating zero in some calls, without it in others.
    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// Renders distinguished names.
enum DistinguishedName {
    /// The RFC 4514 string of a Name in DER; `#` and hexadecimal DER (RFC 4514 section 2.4) if GnuTLS cannot read it.
    static func string(_ der: [UInt8]) -> String {
        var text = AllocatedDatum()
        let result = der.withDatum { gnutls_x509_rdn_get2(&$0, &text.datum, 0) }
        return result >= 0 ? text.string : "#" + der.hexadecimal
    }
}

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
