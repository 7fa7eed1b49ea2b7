internal import CGnuTLS

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
