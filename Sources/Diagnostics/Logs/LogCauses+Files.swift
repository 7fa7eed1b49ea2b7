extension LogCauses {
    /// Causes that lie in a file or setting of the side that logs, before any connection.
    static func files(_ condition: LogCondition) -> [LogCause] {
        switch condition {
        case .keyMismatch:
            return [
                LogCause(
                    "cfg-cert-key-mismatch",
                    "The private key doesn't belong to the certificate.",
                    tell: "openssl x509 -noout -pubkey -in CERT | diff - <(openssl pkey -pubout -in KEY)"
                ),
                LogCause(
                    "cfg-pem-order",
                    "The certificate file begins with the intermediate instead of the leaf.",
                    tell: "The key fits a later certificate of the file."
                ),
                LogCause(
                    "rot-cert-key-swap-race",
                    "The two files were read while they were being replaced.",
                    tell: "It fails once, at the time of a renewal."
                ),
            ]
        case .keyIsCertificate:
            return [
                LogCause(
                    "cfg-key-setting-is-a-certificate",
                    "The setting for the private key names the certificate's file.",
                    tell: "grep BEGIN FILE: it says CERTIFICATE and not PRIVATE KEY."
                )
            ]
        case .certificateIsKey:
            return [
                LogCause(
                    "cfg-key-setting-is-a-certificate",
                    "The settings for certificate and key are switched: the certificate's names the key's file.",
                    tell: "grep BEGIN on both files."
                )
            ]
        case .noPrivateKey: return noPrivateKey
        case .wrongPassword:
            return [
                LogCause(
                    "cfg-wrong-password",
                    "The password of the key, PKCS#12 file or keystore is wrong.",
                    tell: "openssl pkcs12 -in FILE -noout, or keytool -list -keystore FILE, with the same password."
                ),
                LogCause(
                    "cfg-legacy-pkcs12",
                    "The PKCS#12 file's MAC or encryption isn't supported by this library, which reports it like a wrong password.",
                    tell: "openssl pkcs12 -info -noout shows RC2, 3DES or an unusual MAC; another library opens it."
                ),
            ]
        case .encryptedKey:
            return [
                LogCause(
                    "cfg-encrypted-key",
                    "The private key is encrypted with a passphrase, and none was given.",
                    tell: "The key's file says ENCRYPTED."
                )
            ]
        case .unsupportedKey: return unsupportedKey
        case .legacyContainer:
            return [
                LogCause(
                    "cfg-legacy-pkcs12",
                    "The PKCS#12 file or key is encrypted with an old algorithm (RC2-40, DES), which OpenSSL 3 has in its legacy provider only.",
                    tell: "openssl pkcs12 -legacy -in FILE -noout succeeds."
                ),
                LogCause("cfg-wrong-password", "The password is wrong.", tell: "The same command asks for it."),
            ]
        case .noPEM:
            return [
                LogCause(
                    "cfg-der-instead-of-pem",
                    "The file holds no PEM of the kind that is expected: it is DER, PKCS#12, empty, or another file.",
                    tell: "countersign doctor FILE says what it is, and how to convert it."
                ),
                LogCause(
                    "cfg-key-setting-is-a-certificate",
                    "Certificate and key settings are switched.",
                    tell: "grep BEGIN on both files."
                ),
            ]
        case .damagedPEM:
            return [
                LogCause(
                    "cfg-truncated-pem",
                    "The PEM file is damaged or cut off.",
                    tell: "openssl x509 -in FILE -noout, or openssl pkey, fails on it."
                )
            ]
        case .lineEnds:
            return [
                LogCause(
                    "cfg-pem-line-ends",
                    "The PEM has line ends that this reader can't take: CRLF (character d is a carriage return), or blanks.",
                    tell: "file FILE says CRLF; tr -d '\\r' < FILE makes it readable."
                )
            ]
        case .fileMissing:
            return [
                LogCause(
                    "cfg-fail-open-missing-ca-file",
                    "A file that the settings name doesn't exist or can't be read.",
                    tell: "ls -l of the path, as the user that runs the program, inside its container."
                )
            ]
        case .filePermissions:
            return [
                LogCause(
                    "cfg-key-file-permissions",
                    "The private key's file has permissions or an owner that the program refuses.",
                    tell: "ls -l KEY: expected 0600 and the program's user."
                )
            ]
        case .keyInaccessible:
            return [
                LogCause(
                    "cfg-private-key-inaccessible",
                    "The certificate's private key is missing or not accessible to the process: no permission on it, or an ephemeral key.",
                    tell:
                        "certutil -store My shows whether a key is there; the service's account needs read permission on it."
                )
            ]
        case .keychainOnly:
            return [
                LogCause(
                    "cfg-securetransport-keychain",
                    "SecureTransport takes the client's certificate and key from the Keychain or a readable PKCS#12 file only.",
                    tell:
                        "curl -V names SecureTransport; the path doesn't exist, or no entry of the Keychain has that name."
                )
            ]
        case .emptyTrust:
            return [
                LogCause(
                    "path-empty-pool",
                    "The trust store or CA file is empty, missing, or holds no CA certificate.",
                    tell: "keytool -list -keystore FILE, or openssl storeutl -noout -certs FILE, lists nothing."
                )
            ]
        case .trustFileUnusable:
            return [
                LogCause(
                    "path-empty-pool",
                    "The CA file can't be read: a wrong path, no permission, or no certificate in it.",
                    tell: "openssl storeutl -noout -certs FILE"
                )
            ]
        case .noServerCertificate:
            return [
                LogCause(
                    "cfg-empty-chain-starts",
                    "The server has no certificate configured for this listener or name.",
                    tell: "openssl s_client -connect HOST:PORT -servername NAME shows none."
                )
            ]
        case .unknownSetting:
            return [
                LogCause(
                    "cfg-unknown-mtls-option",
                    "The configuration's TLS block has an option that this version doesn't know, or in the wrong place.",
                    tell: "The line and column in the message."
                )
            ]
        case .noClientCertificate, .unknownAuthority, .selfSignedLeaf, .selfSignedInChain, .missingIntermediate,
            .issuerOfIntermediateMissing, .badSignature, .expired, .authorityExpired, .notYetValid, .nameMismatch,
            .addressMismatch, .noAlternativeNames, .commonNameAlone, .clientAddressCompared, .wrongPurpose,
            .authorityPurpose, .revoked, .revocationUnknown, .listExpired, .listMissing, .pinMismatch,
            .criticalExtension, .nameConstraint, .pathLength, .notAnAuthority, .keyUsage, .strictIdentifiers,
            .weakAlgorithm, .weakKey, .malformedCertificate, .certificateVersion, .duplicateSerial, .verifyDepth,
            .refusedCertificate, .userMismatch, .notAuthorized,
            .plaintextToTLS, .tlsToPlaintext, .versionDisjoint, .noSharedCipher, .noSharedSignature, .badProof,
            .serverName, .noApplicationProtocol, .renegotiation, .postHandshake, .earlyData, .sessionScope,
            .unexpectedMessage, .decodeError, .badRecord, .tlsDemanded, .internalError, .accessDenied, .unexpectedEnd,
            .reset, .timeout, .verifyFailed, .handshakeFailed:
            return []
        }
    }

    static let noPrivateKey = [
        LogCause(
            "cfg-key-file-without-key",
            "The file that is given for the private key holds none that fits: it is a certificate or CA bundle, or the key is elsewhere.",
            tell: "grep BEGIN FILE: expected PRIVATE KEY."
        ),
        LogCause(
            "cfg-cert-key-mismatch",
            "The key doesn't belong to the certificate.",
            tell: "openssl x509 -noout -pubkey -in CERT | diff - <(openssl pkey -pubout -in KEY)"
        ),
        LogCause(
            "cfg-wrong-password",
            "The key is encrypted, and its passphrase is missing or wrong.",
            tell: "The file says ENCRYPTED."
        ),
        LogCause(
            "cfg-der-instead-of-pem",
            "The file is in another form than the one that is expected.",
            tell: "countersign doctor FILE."
        ),
    ]
    static let unsupportedKey = [
        LogCause(
            "cfg-key-unsupported-form",
            "The key is in a form that this library can't read: encrypted, on one line, OPENSSH, PKCS#1 where PKCS#8 is expected, or a keystore of another type.",
            tell: "countersign doctor FILE says what it is, and how to convert it."
        ),
        LogCause(
            "cfg-encrypted-key",
            "The key is encrypted, and no passphrase was given.",
            tell: "The file says ENCRYPTED."
        ),
        LogCause("cfg-truncated-pem", "The file is damaged.", tell: "openssl pkey -in FILE -noout fails."),
    ]
}
