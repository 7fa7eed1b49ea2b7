internal import CGnuTLS

@testable internal import GnuTLSPeer

/// The contents of a certificate of these tests; dates are fixed, so that no test depends on the day.
struct TestRecipe {
    static let past = 1_577_836_800  // 2020-01-01
    static let expired = 1_609_459_200  // 2021-01-01
    static let far = 2_493_072_000  // 2049-01-01

    var subject: String
    var serial: [UInt8] = [1]
    var notBefore = past
    var notAfter = far
    var isCA = false
    var pathLength: Int32 = -1
    var keyUsage: Int32?
    var purposes: [String] = []
    var dns: [String] = []
    var addresses: [[UInt8]] = []
    var emails: [String] = []
    var uris: [String] = []
    var permittedDNS: [String] = []
    var excludedDNS: [String] = []
    var unknownCriticalExtension = false
    var algorithm = GNUTLS_PK_ECDSA
}

/// A certificate with its key, minted by GnuTLS; as an issuer it need not be a CA.
final class TestCA {
    let der: [UInt8]
    let keyDER: [UInt8]
    private var key: gnutls_x509_privkey_t?
    private var certificate: gnutls_x509_crt_t?

    /// Self-signed, unless there is an issuer.
    init(_ recipe: TestRecipe, issuer: TestCA? = nil) throws {
        try GnuTLSError.check(gnutls_x509_privkey_init(&key), "key")
        // GNUTLS_CURVE_TO_BITS is a macro that Swift does not import.
        let isEdwards = recipe.algorithm == GNUTLS_PK_EDDSA_ED25519
        let curve = isEdwards ? GNUTLS_ECC_CURVE_ED25519 : GNUTLS_ECC_CURVE_SECP256R1
        let bits = recipe.algorithm == GNUTLS_PK_RSA ? 2048 : UInt32(1 << 31) | curve.rawValue
        try GnuTLSError.check(gnutls_x509_privkey_generate(key, recipe.algorithm, bits, 0), "generate")
        try GnuTLSError.check(gnutls_x509_crt_init(&certificate), "certificate")
        try Self.fill(certificate, recipe)
        try GnuTLSError.check(gnutls_x509_crt_set_key(certificate, key), "set key")
        let signer = issuer ?? nil
        let digest =
            signer?.digest ?? (recipe.algorithm == GNUTLS_PK_EDDSA_ED25519 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256)
        let signing = gnutls_x509_crt_sign2(
            certificate,
            signer?.certificate ?? certificate,
            signer?.key ?? key,
            digest,
            0
        )
        try GnuTLSError.check(signing, "sign")
        var certificateDER = AllocatedDatum()
        gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &certificateDER.datum)
        der = certificateDER.bytes
        var privateDER = AllocatedDatum()
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, nil, GNUTLS_PKCS_PLAIN.rawValue, &privateDER.datum)
        keyDER = privateDER.bytes
    }

    deinit {
        gnutls_x509_crt_deinit(certificate)
        gnutls_x509_privkey_deinit(key)
    }

    static func root(_ name: String) throws -> TestCA {
        try TestCA(
            TestRecipe(subject: "CN=\(name)", isCA: true, keyUsage: GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN)
        )
    }

    func issue(_ recipe: TestRecipe) throws -> TestCA {
        try TestCA(recipe, issuer: self)
    }

    /// The certificate as a credential, with these after it in the chain.
    func credential(_ others: [TestCA] = [], fault: GnuTLSCredentialFault? = nil) -> GnuTLSCredential {
        GnuTLSCredential(chain: [der] + others.map(\.der), privateKey: keyDER, fault: fault)
    }

    func crl(
        revoking serials: [[UInt8]],
        thisUpdate: Int = TestRecipe.past,
        nextUpdate: Int = TestRecipe.far
    ) throws -> [UInt8] {
        var crl: gnutls_x509_crl_t?
        try GnuTLSError.check(gnutls_x509_crl_init(&crl), "CRL")
        defer { gnutls_x509_crl_deinit(crl) }
        gnutls_x509_crl_set_version(crl, 2)
        gnutls_x509_crl_set_this_update(crl, thisUpdate)
        gnutls_x509_crl_set_next_update(crl, nextUpdate)
        for serial in serials { gnutls_x509_crl_set_crt_serial(crl, serial, serial.count, thisUpdate) }
        let number: [UInt8] = [1]
        gnutls_x509_crl_set_number(crl, number, number.count)
        try GnuTLSError.check(gnutls_x509_crl_sign2(crl, certificate, key, GNUTLS_DIG_SHA256, 0), "sign CRL")
        var der = AllocatedDatum()
        gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_DER, &der.datum)
        return der.bytes
    }

    private var digest: gnutls_digest_algorithm_t {
        gnutls_x509_privkey_get_pk_algorithm(key) == Int32(bitPattern: GNUTLS_PK_EDDSA_ED25519.rawValue)
            ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256
    }

    private static func fill(_ certificate: gnutls_x509_crt_t?, _ recipe: TestRecipe) throws {
        gnutls_x509_crt_set_version(certificate, 3)
        try GnuTLSError.check(gnutls_x509_crt_set_dn(certificate, recipe.subject, nil), "subject")
        gnutls_x509_crt_set_serial(certificate, recipe.serial, recipe.serial.count)
        gnutls_x509_crt_set_activation_time(certificate, recipe.notBefore)
        gnutls_x509_crt_set_expiration_time(certificate, recipe.notAfter)
        gnutls_x509_crt_set_basic_constraints(certificate, recipe.isCA ? 1 : 0, recipe.pathLength)
        if let usage = recipe.keyUsage { gnutls_x509_crt_set_key_usage(certificate, UInt32(usage)) }
        for purpose in recipe.purposes { gnutls_x509_crt_set_key_purpose_oid(certificate, purpose, 0) }
        let names =
            recipe.dns.map { (GNUTLS_SAN_DNSNAME, Array($0.utf8)) }
            + recipe.addresses.map { (GNUTLS_SAN_IPADDRESS, $0) }
            + recipe.emails.map { (GNUTLS_SAN_RFC822NAME, Array($0.utf8)) }
            + recipe.uris.map { (GNUTLS_SAN_URI, Array($0.utf8)) }
        for (type, name) in names {
            gnutls_x509_crt_set_subject_alt_name(
                certificate,
                type,
                name,
                UInt32(name.count),
                UInt32(GNUTLS_FSAN_APPEND)
            )
        }
        if !recipe.permittedDNS.isEmpty || !recipe.excludedDNS.isEmpty { try constrain(certificate, recipe) }
        if recipe.unknownCriticalExtension {
            let null: [UInt8] = [5, 0]
            gnutls_x509_crt_set_extension_by_oid(certificate, "1.3.6.1.4.1.99999.1", null, null.count, 1)
        }
    }

    private static func constrain(_ certificate: gnutls_x509_crt_t?, _ recipe: TestRecipe) throws {
        var constraints: gnutls_x509_name_constraints_t?
        try GnuTLSError.check(gnutls_x509_name_constraints_init(&constraints), "name constraints")
        defer { gnutls_x509_name_constraints_deinit(constraints) }
        for name in recipe.permittedDNS {
            Array(name.utf8).withDatum {
                _ = gnutls_x509_name_constraints_add_permitted(constraints, GNUTLS_SAN_DNSNAME, &$0)
            }
        }
        for name in recipe.excludedDNS {
            Array(name.utf8).withDatum {
                _ = gnutls_x509_name_constraints_add_excluded(constraints, GNUTLS_SAN_DNSNAME, &$0)
            }
        }
        try GnuTLSError.check(gnutls_x509_crt_set_name_constraints(certificate, constraints, 1), "set name constraints")
    }
}
