extension LogVocabulary {
    /// Words that many programs share, whatever library they are built on, and those of smaller stacks.
    static let common: [LogPhrase] = names + authorities + absences + keys + wolfSSL + mbedTLSReasons

    /// A name that isn't in the certificate: each program says so in its own words.
    private static let names: [LogPhrase] = [
        "hostname '*' doesn't match", "does not match the remote host name", "does not match the server certificate",
        "did not match server certificate", "did not match expected cn=", "is not in peer certificate",
        "commonname mis-match", "common name mismatch", "subject name mismatch", "subjectaltname mismatch",
        "does not match cn in peer certificate", "commonname does not match hostname",
        "certificate doesn't match any of the subject alternative names", "certificate name mismatch",
        "certificate hostname mismatch", "host name does not match the certificate",
        "certificate is not valid for host",
        "certificate not valid for host", "hostname verification failed", "hostname verification check failed",
        "certificate does not match hostname", "certificate does not match host name", "is not valid for the name",
        "no name matching", "host name '*' does not match", "hostname*not verified", "hostname*was not verified",
        "peer name verification failed", "not found in certificate's names", "unable to match host name in certificate",
        "certificate for <*> doesn't match",
    ].map { LogPhrase($0, .nameMismatch, about: .server, by: .client, loose: true) }

    private static let authorities: [LogPhrase] = [
        LogPhrase("issued by an authority that is not trusted", .unknownAuthority),
        LogPhrase("issued by an untrusted authority", .unknownAuthority),
        LogPhrase("issued by an unknown authority", .unknownAuthority),
        LogPhrase("cert trust is untrusted root", .unknownAuthority),
        LogPhrase("cert trust is partial chain", .missingIntermediate),
        LogPhrase("cert trust is not time valid", .expired),
        LogPhrase("cert trust is revoked", .revoked),
        LogPhrase("cert trust revocation status unknown", .revocationUnknown),
        LogPhrase("cert trust is not valid for usage", .wrongPurpose),
        LogPhrase("failed to establish trust with server", .unknownAuthority, about: .server, by: .client),
        LogPhrase("failed to establish trust with client", .unknownAuthority, about: .client, by: .server),
        LogPhrase("certificate is not trusted in this ssl context", .unknownAuthority),
        LogPhrase("untrusted issuer", .unknownAuthority, loose: true),
        LogPhrase("issuer is not trusted", .unknownAuthority, loose: true),
        LogPhrase("unable to find issuer certificate", .unknownAuthority),
        LogPhrase("self-signed certificate is not trusted", .selfSignedLeaf),
        LogPhrase("certificate chain is not trusted", .unknownAuthority),
        LogPhrase("untrusted certificate", .unknownAuthority, loose: true),
        LogPhrase("verify error: depth=", .verifyFailed), LogPhrase("verification failed at depth", .verifyFailed),
        LogPhrase("crl issued by*has expired", .listExpired),
        LogPhrase("algorithm constraints check failed on keysize", .weakKey),
        LogPhrase("client using inappropriate protocol fallback", .versionDisjoint, about: .client, by: .server),
        LogPhrase("peer is incompatible*nociphersuitesincommon", .noSharedCipher),
        LogPhrase("peer is incompatible*nokxgroupsincommon", .noSharedCipher),
        LogPhrase("peer is incompatible*nosignatureschemesincommon", .noSharedSignature),
        LogPhrase("[ssl: http request]", .plaintextToTLS, about: .client, by: .server),
        LogPhrase("plain http request to https port", .plaintextToTLS, about: .client, by: .server),
        LogPhrase("not an ssl/tls record", .plaintextToTLS, about: .client, by: .server),
        LogPhrase("handshake error*: eof", .unexpectedEnd, found: .peer, loose: true),
        LogPhrase("handshake error*i/o timeout", .timeout, loose: true),
        LogPhrase("tls key negotiation failed to occur within", .timeout),
    ]

    /// No certificate came, in anybody's words.
    private static let absences: [LogPhrase] = [
        "client did not present a certificate", "client did not present any certificate",
        "client didn't present a certificate", "client didn't present valid ssl certificate",
        "client did not provide a certificate", "client did not send a certificate",
        "client did not send a client certificate", "client hasn't presented a certificate",
        "no client certificate was presented", "no client certificate presented", "no client certificate found",
        "no client certificate was provided", "client certificate not provided", "client certificate not presented",
        "client certificate was not provided", "client certificate not found", "client certificate missing",
        "peer did not present a certificate", "left with 0 client certificates",
    ].map { LogPhrase($0, .noClientCertificate, about: .client) }

    private static let keys: [LogPhrase] = [
        LogPhrase("certificate and private key*do not match", .keyMismatch),
        LogPhrase("certificate and key do not match", .keyMismatch),
        LogPhrase("certificate and private key do not match", .keyMismatch),
        LogPhrase("key does not match the certificate", .keyMismatch),
        LogPhrase("key does not match certificate", .keyMismatch),
        LogPhrase("key doesn't match certificate", .keyMismatch),
        LogPhrase("private key*does not match*certificate", .keyMismatch),
        LogPhrase("private key*doesn't match*certificate", .keyMismatch),
        LogPhrase("could not load private key file*key values mismatch", .keyMismatch),
        LogPhrase("ssl ctx use privatekey*key values mismatch", .keyMismatch),
        LogPhrase("could not load pem client certificate*md too weak", .weakAlgorithm, about: .client, by: .client),
        LogPhrase("could not load pem client certificate*key too small", .weakKey, about: .client, by: .client),
        LogPhrase("could not access private key file", .fileMissing),
        LogPhrase("could not access private key file*permission denied", .filePermissions),
        LogPhrase("unable to load server key file", .unsupportedKey, by: .server),
        LogPhrase("common libcrypto routines*interrupted or cancelled", .encryptedKey),
        LogPhrase("certificate format compatibility error", .noPEM, about: .client, by: .client),
        LogPhrase("no private key found in", .noPrivateKey),
        LogPhrase("unable to load private key", .noPrivateKey, loose: true),
        LogPhrase("unable to load certificate", .noPEM, loose: true),
    ]

    /// wolfSSL's words (wolfcrypt/src/error.c, src/internal.c), and its numbers beside its name.
    private static let wolfSSL: [LogPhrase] = [
        LogPhrase("asn no signer error", .unknownAuthority), LogPhrase("asn self-signed certificate", .selfSignedLeaf),
        LogPhrase("asn date error, current date after", .expired),
        LogPhrase("asn date error, current date before", .notYetValid),
        LogPhrase("asn sig error", .badSignature), LogPhrase("asn ca path len", .pathLength),
        LogPhrase("asn name constraint", .nameConstraint), LogPhrase("crl cert revoked", .revoked),
        LogPhrase("cert revoked*ocsp", .revoked), LogPhrase("peer subject name mismatch", .nameMismatch),
        LogPhrase("wolfssl*error -188", .unknownAuthority), LogPhrase("wolfssl*error -150", .notYetValid),
        LogPhrase("wolfssl*error -151", .expired), LogPhrase("wolfssl*error -155", .badSignature),
        LogPhrase("wolfssl*error -322", .nameMismatch), LogPhrase("peer didn't send cert", .noClientCertificate),
        LogPhrase("crl missing, not loaded", .listMissing), LogPhrase("certificate issuer not a ca", .notAnAuthority),
    ]

    /// mbed TLS' reasons (mbedtls_x509_crt_verify_info).
    private static let mbedTLSReasons: [LogPhrase] = [
        LogPhrase("signed with an unacceptable key", .weakKey),
        LogPhrase("signed with an unacceptable hash", .weakAlgorithm),
        LogPhrase("signed with an unacceptable pk alg", .weakAlgorithm),
        LogPhrase("the certificate has been revoked", .revoked),
        LogPhrase("the crl is expired", .listExpired),
        LogPhrase("the crl is not correctly signed", .listMissing),
        LogPhrase("certificate was missing", .noClientCertificate, loose: true),
        LogPhrase("the certificate validity starts in the future", .notYetValid),
        LogPhrase("usage does not match the keyusage extension", .keyUsage),
        LogPhrase("usage does not match the extendedkeyusage extension", .wrongPurpose),
        LogPhrase("usage does not match the nscerttype extension", .wrongPurpose),
    ]
}
