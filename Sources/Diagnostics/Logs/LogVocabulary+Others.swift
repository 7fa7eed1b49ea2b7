extension LogVocabulary {
    /// GnuTLS and mbed TLS.
    static let gnuTLS: [LogPhrase] = [
        LogPhrase("gnutls e certificate required", .noClientCertificate),
        LogPhrase("gnutls e no certificate found", .noClientCertificate),
        LogPhrase("in handshake: no certificate was found", .noClientCertificate, about: .client, by: .server),
        LogPhrase("no certificate was found", .noClientCertificate, loose: true),
        LogPhrase("in handshake: certificate is required", .noClientCertificate, about: .client, by: .server),
        LogPhrase("certificate is required", .noClientCertificate, loose: true),
        LogPhrase("the peer did not send any certificate", .noClientCertificate),
        LogPhrase("the certificate issuer is unknown", .unknownAuthority),
        LogPhrase("signer not found", .unknownAuthority, loose: true),
        LogPhrase("the certificate issuer is not a ca", .notAnAuthority),
        LogPhrase("the certificate is not trusted", .verifyFailed),
        LogPhrase("the certificate is not trusted. the certificate chain uses expired certificate", .expired),
        LogPhrase("the certificate chain uses expired certificate", .expired),
        LogPhrase("the certificate chain uses not yet valid certificate", .notYetValid),
        LogPhrase("the certificate chain is revoked", .revoked),
        LogPhrase("the certificate chain uses insecure algorithm", .weakAlgorithm),
        LogPhrase("the certificate chain violates the signer's constraints", .nameConstraint),
        LogPhrase("the certificate chain does not match the intended purpose", .wrongPurpose),
        LogPhrase("the certificate contains an unknown critical extension", .criticalExtension),
        LogPhrase("the signature in the certificate is invalid", .badSignature),
        LogPhrase(
            "the name in the certificate does not match the expected",
            .nameMismatch,
            about: .server,
            by: .client
        ),
        LogPhrase("the certificate's owner does not match hostname", .nameMismatch, about: .server, by: .client),
        LogPhrase(
            "certificate subject name*does not match target host name",
            .nameMismatch,
            about: .server,
            by: .client
        ),
        LogPhrase("the revocation or ocsp data are old", .listExpired),
        LogPhrase("the revocation data are issued with a future date", .listExpired),
        LogPhrase("error in handshake: error in the certificate", .verifyFailed, about: .client, by: .server),
        LogPhrase("error in the certificate verification", .verifyFailed),
        LogPhrase("server certificate verification failed", .verifyFailed, about: .server, by: .client),
        LogPhrase("certificate verification failed", .verifyFailed, loose: true),
        LogPhrase("verification error", .verifyFailed, loose: true),
        LogPhrase("gnutls*error in the certificate", .verifyFailed),
        LogPhrase("an unexpected tls packet was received", .plaintextToTLS),
        LogPhrase("gnutls e unexpected packet", .plaintextToTLS),
        LogPhrase("a packet with illegal or unsupported version was received", .versionDisjoint),
        LogPhrase("no supported cipher suites have been found", .noSharedCipher),
        LogPhrase("could not negotiate a supported cipher suite", .noSharedCipher),
        LogPhrase("no or insufficient priorities were set", .versionDisjoint),
        LogPhrase("the tls connection was non-properly terminated", .unexpectedEnd, found: .peer),
        LogPhrase("gnutls recv error (-110)", .unexpectedEnd, found: .peer),
        LogPhrase("gnutls e premature termination", .unexpectedEnd, found: .peer),
        LogPhrase("error in the pull function", .reset, found: .peer, loose: true),
        LogPhrase("a tls fatal alert has been received", .handshakeFailed, found: .peer),
        LogPhrase("gnutls e fatal alert received", .handshakeFailed, found: .peer),
        LogPhrase("gnutls handshake() failed", .handshakeFailed, found: nil),
        LogPhrase("public key signature verification has failed", .badProof),
        LogPhrase("the certificate and the given key do not match", .keyMismatch),
        LogPhrase("base64 decoding error", .damagedPEM, loose: true),
        LogPhrase("base64 unexpected header", .noPEM, loose: true),
        LogPhrase("the given password contains invalid characters", .wrongPassword, loose: true),
        LogPhrase("decryption has failed", .wrongPassword, loose: true),
        LogPhrase("key usage violation in certificate has been detected", .keyUsage),
        LogPhrase("x509 - certificate verification failed", .verifyFailed),
        LogPhrase("-0x2700", .verifyFailed, loose: true), LogPhrase("-9984", .verifyFailed, loose: true),
        LogPhrase("-0x7780", .handshakeFailed, found: .peer, loose: true),
        LogPhrase("ssl - a fatal alert message was received from our peer", .handshakeFailed, found: .peer),
        LogPhrase("the certificate is not correctly signed by the trusted ca", .unknownAuthority),
        LogPhrase("the certificate validity has expired", .expired),
        LogPhrase("the certificate common name (cn) does not match with the expected cn", .nameMismatch),
        LogPhrase(
            "ssl - no client certification received from the client",
            .noClientCertificate,
            about: .client,
            by: .server
        ),
        LogPhrase("-0x7480", .noClientCertificate, loose: true), LogPhrase("-0x7680", .emptyTrust, loose: true),
        LogPhrase("-0x2180", .noPEM, loose: true), LogPhrase("-0x1080", .noPEM, loose: true),
    ]

    /// rustls and the programs on it, and native-tls.
    static let rust: [LogPhrase] = [
        LogPhrase("invalid peer certificate", .verifyFailed), LogPhrase("invalidcertificate(", .verifyFailed),
        LogPhrase("invalid certificate: ", .verifyFailed, loose: true),
        LogPhrase("unknownissuer", .unknownAuthority),
        LogPhrase(
            "invalid peer certificate*unknown issuer",
            .unknownAuthority
        ),
        LogPhrase("invalid peer certificate: badsignature", .badSignature),
        LogPhrase("badsignature", .badSignature, loose: true),
        LogPhrase("invalidsignatureforpublickey", .badSignature),
        LogPhrase("invalid peer certificate: expired", .expired), LogPhrase("invalidcertificate(expired", .expired),
        LogPhrase("certexpired", .expired), LogPhrase("invalid peer certificate: certificate expired", .expired),
        LogPhrase("invalid peer certificate: notvalidyet", .notYetValid), LogPhrase("certnotvalidyet", .notYetValid),
        LogPhrase("invalid peer certificate: certificate not valid yet", .notYetValid),
        LogPhrase("notvalidforname", .nameMismatch), LogPhrase("certnotvalidforname", .nameMismatch),
        LogPhrase("invalid peer certificate: certificate not valid for name", .nameMismatch),
        LogPhrase("certificate not valid for name", .nameMismatch),
        LogPhrase("invalidpurpose", .wrongPurpose, loose: true), LogPhrase("requiredekunotfound", .wrongPurpose),
        LogPhrase("certificate does not allow extended key usage", .wrongPurpose),
        LogPhrase("causedasendentity", .notAnAuthority), LogPhrase("endentityusedasca", .notAnAuthority),
        LogPhrase("unsupportedcertversion", .certificateVersion),
        LogPhrase(
            "badencoding",
            .malformedCertificate,
            loose: true
        ),
        LogPhrase("unsupportedcriticalextension", .criticalExtension),
        LogPhrase("unhandledcriticalextension", .criticalExtension),
        LogPhrase("nameconstraintviolation", .nameConstraint), LogPhrase("pathlenconstraintviolated", .pathLength),
        LogPhrase("invalid peer certificate: revoked", .revoked),
        LogPhrase(
            "unknownrevocationstatus",
            .revocationUnknown
        ),
        LogPhrase("nocertificatespresented", .noClientCertificate),
        LogPhrase("peer sent no certificates", .noClientCertificate),
        LogPhrase("no certificates presented", .noClientCertificate, loose: true),
        LogPhrase("invalidmessage(invalidcontenttype)", .plaintextToTLS),
        LogPhrase("received corrupt message of type invalidcontenttype", .plaintextToTLS),
        LogPhrase("corrupt message", .plaintextToTLS, loose: true),
        LogPhrase("invalidcontenttype", .plaintextToTLS),
        LogPhrase("peer is incompatible: ", .versionDisjoint), LogPhrase("peerincompatible", .versionDisjoint),
        LogPhrase("nosignatureschemesincommon", .noSharedSignature),
        LogPhrase(
            "nociphersuitesincommon",
            .noSharedCipher
        ),
        LogPhrase("keysmaynotbeinconsistent", .keyMismatch), LogPhrase("inconsistentkeys", .keyMismatch),
        LogPhrase("keys may not be consistent", .keyMismatch),
        LogPhrase("keymismatch", .keyMismatch, loose: true),
        LogPhrase("failed to parse private key as", .unsupportedKey, loose: true),
        LogPhrase("no private keys found in file", .noPrivateKey),
        LogPhrase(
            "no keys found in file",
            .noPrivateKey,
            loose: true
        ),
        LogPhrase("peer closed connection without sending tls close notify", .unexpectedEnd, found: .peer),
        LogPhrase("tls handshake eof", .unexpectedEnd, found: .peer),
        LogPhrase("iofailure*connectionreset", .reset, by: .client, found: .peer),
        LogPhrase("webpkierror", .verifyFailed),
        LogPhrase(
            "no server certificate chain resolved",
            .serverName,
            by: .server
        ),
        LogPhrase("noapplicationprotocol", .noApplicationProtocol),
        LogPhrase("peer doesn't support any known protocol", .noApplicationProtocol),
        LogPhrase("the trust settings are invalid", .unknownAuthority, loose: true),
    ]

    /// Erlang's ssl, with RabbitMQ and EMQX on it.
    static let erlang: [LogPhrase] = [
        LogPhrase("bad cert,unknown ca", .unknownAuthority), LogPhrase("{bad cert,selfsigned peer", .selfSignedLeaf),
        LogPhrase("bad cert, unknown ca", .unknownAuthority), LogPhrase("selfsigned peer", .selfSignedLeaf),
        LogPhrase("bad cert,cert expired", .expired), LogPhrase("bad cert,invalid ext key usage", .wrongPurpose),
        LogPhrase("bad cert,invalid key usage", .keyUsage),
        LogPhrase(
            "bad cert,hostname check failed",
            .nameMismatch,
            about: .server,
            by: .client
        ),
        LogPhrase("hostname check failed", .nameMismatch, about: .server, by: .client),
        LogPhrase("bad cert,invalid issuer", .unknownAuthority),
        LogPhrase(
            "bad cert,invalid signature",
            .badSignature
        ),
        LogPhrase("bad cert,missing basic constraint", .notAnAuthority),
        LogPhrase(
            "bad cert,max path length reached",
            .pathLength
        ),
        LogPhrase("bad cert,name not permitted", .nameConstraint), LogPhrase("bad cert,{revoked", .revoked),
        LogPhrase("bad cert,revocation status undetermined", .revocationUnknown),
        LogPhrase("no client certificate provided", .noClientCertificate, about: .client, by: .server),
        LogPhrase("no suitable ciphers", .noSharedCipher),
        LogPhrase(
            "no suitable signature algorithm",
            .noSharedSignature
        ),
        LogPhrase("unable to supply acceptable cert", .noSharedSignature),
        LogPhrase("{tls alert", .handshakeFailed, found: nil),
        LogPhrase(
            "ssl upgrade error",
            .handshakeFailed,
            found: nil
        ),
        LogPhrase("unsupported record type", .plaintextToTLS, loose: true),
        LogPhrase("tls: in state hello*unexpected message", .plaintextToTLS),
        LogPhrase("{keyfile,", .unsupportedKey, loose: true), LogPhrase("{options,{certfile", .fileMissing),
        LogPhrase("{options,{keyfile", .fileMissing), LogPhrase("{options,{cacertfile", .fileMissing),
        LogPhrase("{error,{tls alert", .handshakeFailed, found: nil),
    ]

    /// curl's exit codes and its own sentences (https://curl.se/libcurl/c/libcurl-errors.html).
    static let curl: [LogPhrase] =
        ["curl: (", "curl error ", "curlerror: ", "curl err ", "curl errno "].flatMap {
            prefix -> [LogPhrase] in
            let close = prefix.hasSuffix("(") ? ")" : ""
            return [
                LogPhrase("\(prefix)35\(close)", .handshakeFailed, by: .client, found: nil),
                LogPhrase("\(prefix)51\(close)", .nameMismatch, about: .server, by: .client),
                LogPhrase("\(prefix)53\(close)", .unknownSetting, by: .client),
                LogPhrase("\(prefix)58\(close)", .noPrivateKey, about: .client, by: .client),
                LogPhrase("\(prefix)59\(close)", .noSharedCipher, by: .client),
                LogPhrase("\(prefix)60\(close)", .verifyFailed, about: .server, by: .client),
                LogPhrase("\(prefix)77\(close)", .trustFileUnusable, by: .client),
                LogPhrase("\(prefix)82\(close)", .listMissing, by: .client),
                LogPhrase("\(prefix)83\(close)", .unknownAuthority, about: .server, by: .client),
                LogPhrase("\(prefix)90\(close)", .pinMismatch, about: .server, by: .client),
                LogPhrase("\(prefix)91\(close)", .revocationUnknown, about: .server, by: .client),
                LogPhrase("\(prefix)98\(close)", .noClientCertificate, about: .client, by: .client, found: .peer),
            ]
        } + [
            LogPhrase("error setting certificate verify locations", .trustFileUnusable, by: .client),
            LogPhrase("error setting certificate file", .trustFileUnusable, by: .client),
            LogPhrase("unable to set private key file", .noPrivateKey),
            LogPhrase("could not load pem client certificate", .noPEM, about: .client, by: .client),
            LogPhrase("could not load pem client certificate*no such file", .fileMissing, about: .client, by: .client),
            LogPhrase("could not load client certificate", .noPEM, about: .client, by: .client),
            LogPhrase("unable to load client cert", .noPEM, about: .client, by: .client),
            LogPhrase("unable to load client key*incorrect password", .wrongPassword, about: .client, by: .client),
            LogPhrase(
                "unable to use client certificate (no key found or wrong pass phrase",
                .noPrivateKey,
                about: .client,
                by: .client
            ),
            LogPhrase("unable to use client certificate", .noPrivateKey, about: .client, by: .client),
            LogPhrase("could not parse pkcs12 file, check password", .wrongPassword, about: .client, by: .client),
            LogPhrase("could not open pkcs12 file", .fileMissing, about: .client, by: .client),
            LogPhrase("schannel: failed to import cert file", .wrongPassword, about: .client, by: .client),
            LogPhrase("schannel: failed to get certificate", .fileMissing, about: .client, by: .client),
            LogPhrase(
                "ssl: no alternative certificate subject name matches target",
                .nameMismatch,
                about: .server,
                by: .client
            ),
            LogPhrase(
                "ssl: certificate subject name*does not match target",
                .nameMismatch,
                about: .server,
                by: .client
            ),
            LogPhrase(
                "ssl: unable to obtain common name from peer certificate",
                .nameMismatch,
                about: .server,
                by: .client
            ),
            LogPhrase(
                "no alternative certificate subject name matches target",
                .nameMismatch,
                about: .server,
                by: .client
            ),
            LogPhrase("ssl: public key does not match pinned public key", .pinMismatch, about: .server, by: .client),
            LogPhrase("received http/0.9 when not allowed", .plaintextToTLS, about: .client, by: .client),
            LogPhrase("unable to set local cert chain file", .noPEM),
            LogPhrase("ssl certificate problem", .verifyFailed, about: .server, by: .client),
        ]
}
