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

extension CertificateHandle {
    /// Flags that leave the signature as the one thing to verify.
    static let signatureOnly =
        GNUTLS_VERIFY_DISABLE_CA_SIGN.rawValue | GNUTLS_VERIFY_DISABLE_TIME_CHECKS.rawValue
        | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS.rawValue | GNUTLS_VERIFY_DISABLE_CRL_CHECKS.rawValue
        | GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT.rawValue | GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5.rawValue
        | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1.rawValue
        | GNUTLS_VERIFY_IGNORE_UNKNOWN_CRIT_EXTENSIONS.rawValue

    /// The status bits of a signature that another key made.
    static let signatureFailures = GNUTLS_CERT_SIGNATURE_FAILURE.rawValue | GNUTLS_CERT_SIGNER_NOT_FOUND.rawValue

    var serial: [UInt8] {
        get throws(GnuTLSError) {
            // RFC 5280 section 4.1.2.2 allows 20 bytes, and those who break it rarely go beyond a few more.
            var bytes = [UInt8](repeating: 0, count: 256)
            var size = bytes.count
            try GnuTLSError.check(gnutls_x509_crt_get_serial(pointer, &bytes, &size), "reading the serial number")
            return Array(bytes.prefix(size))
        }
    }

    func name(
        _ which: String,
        _ read: (gnutls_x509_crt_t?, UnsafeMutablePointer<gnutls_datum_t>?, UInt32) -> Int32
    ) throws(GnuTLSError) -> String {
        var text = AllocatedDatum()
        let result = read(pointer, &text.datum, 0)
        // An empty Name is a sequence of nothing.
        if result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return "" }
        try GnuTLSError.check(result, "reading the \(which)")
        return text.string
    }

    var publicKey: (algorithm: String, bits: Int, curve: String?) {
        get throws(GnuTLSError) {
            var bits: UInt32 = 0
            let result = gnutls_x509_crt_get_pk_algorithm(pointer, &bits)
            let code = try GnuTLSError.check(result, "reading the public key's algorithm")
            let algorithm = gnutls_pk_algorithm_t(rawValue: UInt32(bitPattern: code))
            var curve = GNUTLS_ECC_CURVE_INVALID
            let hasCurve = gnutls_x509_crt_get_pk_ecc_raw(pointer, &curve, nil, nil) >= 0
            return (
                gnutls_pk_get_name(algorithm).map { String(cString: $0) } ?? "unknown",
                Int(bits),
                hasCurve ? gnutls_ecc_curve_get_name(curve).map { String(cString: $0) } : nil
            )
        }
    }

    var signatureAlgorithm: String {
        let code = gnutls_x509_crt_get_signature_algorithm(pointer)
        guard code >= 0 else { return "unknown" }
        let algorithm = gnutls_sign_algorithm_t(rawValue: UInt32(bitPattern: code))
        return gnutls_sign_get_name(algorithm).map { String(cString: $0) } ?? "unknown"
    }

    var basicConstraints: (isCA: Bool, pathLength: Int?) {
        get throws(GnuTLSError) {
            var critical: UInt32 = 0
            var isCA: UInt32 = 0
            var pathLength: Int32 = -1
            let result = gnutls_x509_crt_get_basic_constraints(pointer, &critical, &isCA, &pathLength)
            if result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return (false, nil) }
            try GnuTLSError.check(result, "reading basicConstraints")
            return (isCA != 0, pathLength < 0 ? nil : Int(pathLength))
        }
    }

    var keyUsage: [String]? {
        get throws(GnuTLSError) {
            var usage: UInt32 = 0
            var critical: UInt32 = 0
            let result = gnutls_x509_crt_get_key_usage(pointer, &usage, &critical)
            if result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return nil }
            try GnuTLSError.check(result, "reading keyUsage")
            let names = [
                (GNUTLS_KEY_DIGITAL_SIGNATURE, "digitalSignature"), (GNUTLS_KEY_NON_REPUDIATION, "nonRepudiation"),
                (GNUTLS_KEY_KEY_ENCIPHERMENT, "keyEncipherment"), (GNUTLS_KEY_DATA_ENCIPHERMENT, "dataEncipherment"),
                (GNUTLS_KEY_KEY_AGREEMENT, "keyAgreement"), (GNUTLS_KEY_KEY_CERT_SIGN, "keyCertSign"),
                (GNUTLS_KEY_CRL_SIGN, "cRLSign"), (GNUTLS_KEY_ENCIPHER_ONLY, "encipherOnly"),
                (GNUTLS_KEY_DECIPHER_ONLY, "decipherOnly"),
            ]
            return names.filter { usage & UInt32($0.0) != 0 }.map(\.1)
        }
    }

    var subjectAltNames: GnuTLSGeneralNames {
        get throws(GnuTLSError) {
            let all = try Self.elements("reading subjectAltName") { index, buffer, size, critical in
                gnutls_x509_crt_get_subject_alt_name(pointer, index, buffer, &size, &critical)
            } _: { bytes, _, type in
                (gnutls_x509_subject_alt_name_t(rawValue: UInt32(bitPattern: type)), bytes)
            }
            return all.reduce(into: GnuTLSGeneralNames()) { $0.add($1.0, $1.1) }
        }
    }

    var nameConstraints: (permitted: GnuTLSGeneralNames, excluded: GnuTLSGeneralNames) {
        get throws(GnuTLSError) {
            var constraints: gnutls_x509_name_constraints_t?
            try GnuTLSError.check(gnutls_x509_name_constraints_init(&constraints), "making name constraints")
            defer { gnutls_x509_name_constraints_deinit(constraints) }
            var critical: UInt32 = 0
            let result = gnutls_x509_crt_get_name_constraints(pointer, constraints, 0, &critical)
            if result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return (GnuTLSGeneralNames(), GnuTLSGeneralNames()) }
            try GnuTLSError.check(result, "reading nameConstraints")
            return (
                Self.subtrees { gnutls_x509_name_constraints_get_permitted(constraints, $0, &$1, &$2) },
                Self.subtrees { gnutls_x509_name_constraints_get_excluded(constraints, $0, &$1, &$2) }
            )
        }
    }

    var sha256Fingerprint: [UInt8] {
        get throws(GnuTLSError) {
            var bytes = [UInt8](repeating: 0, count: 32)
            var size = bytes.count
            let result = gnutls_x509_crt_get_fingerprint(pointer, GNUTLS_DIG_SHA256, &bytes, &size)
            try GnuTLSError.check(result, "computing the fingerprint")
            return bytes
        }
    }

    /// The names stay in the constraints' memory and are copied before the next one is asked for.
    private static func subtrees(_ call: (UInt32, inout UInt32, inout gnutls_datum_t) -> Int32) -> GnuTLSGeneralNames {
        var names = GnuTLSGeneralNames()
        var index: UInt32 = 0
        var type: UInt32 = 0
        var name = gnutls_datum_t()
        while call(index, &type, &name) >= 0 {
            names.add(gnutls_x509_subject_alt_name_t(rawValue: type), name.bytes)
            index += 1
        }
        return names
    }
}
