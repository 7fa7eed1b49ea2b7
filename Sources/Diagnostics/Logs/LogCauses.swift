/// The causes of each condition, the most likely first.
enum LogCauses {
    static func causes(of finding: LogFinding) -> [LogCause] {
        let causes = causes(at: finding)
        guard finding.logger == nil, finding.finder == .peer, finding.subject == .client,
            finding.condition.isAboutCertificate
        else { return causes }
        // Whose log it is isn't known: a server receives the same alert from a client that refuses it.
        var other = finding
        other.subject = .server
        return causes + self.causes(at: other).prefix(1).map(otherSide)
    }

    private static func causes(at finding: LogFinding) -> [LogCause] {
        let isClient = finding.subject == .client
        switch finding.condition {
        case .noClientCertificate: return noCertificate(finding)
        case .unknownAuthority: return untrusted(finding)
        case .selfSignedInChain:
            return [untrustedRoot(isClient), sameNameOtherKey] + [missingIntermediate(finding.subject)]
        case .selfSignedLeaf: return [selfSigned(isClient), untrustedRoot(isClient)]
        case .missingIntermediate:
            return [missingIntermediate(finding.subject), untrustedRoot(isClient)]
        case .issuerOfIntermediateMissing:
            return [
                LogCause(
                    "path-trust-intermediate-only",
                    "The CA file of the \(finding.subject.other.rawValue) holds only the intermediate, and the root above it is missing.",
                    tell: "openssl storeutl -noout -text -certs CA shows no certificate whose issuer is its subject."
                ),
                missingIntermediate(finding.subject),
            ]
        case .badSignature: return [sameNameOtherKey, keyIdentifiers, damagedCertificate(finding.subject)]
        case .expired:
            return finding.logger == nil && !isClient
                ? expired(false) + [otherSide(expired(true)[0])] : expired(isClient)
        case .authorityExpired:
            return [
                LogCause(
                    "path-expired-anchor",
                    "A certificate authority in the chain has expired.",
                    tell: "openssl storeutl -noout -text -certs CA | grep 'Not After'"
                ),
                LogCause(
                    "path-expired-intermediate",
                    "The intermediate that was sent has expired.",
                    tell: "openssl s_client -showcerts prints each certificate that is sent."
                ),
            ]
        case .notYetValid:
            return [
                LogCause(
                    "cred-not-yet-valid",
                    "The \(finding.subject.rawValue)'s certificate isn't valid yet, or the clock of the side that refuses is behind.",
                    tell: "openssl x509 -noout -startdate, beside date -u on the machine that refuses."
                )
            ]
        case .nameMismatch: return nameMismatch
        case .addressMismatch: return [address, wrongHost]
        case .noAlternativeNames: return [noSAN, commonName, address]
        case .commonNameAlone: return [commonName]
        case .clientAddressCompared:
            return [
                LogCause(
                    "name-hostname-check-on-client-cert",
                    "The server compares the client's address with the names in the client's certificate, and none fits.",
                    tell:
                        "The address in the line is the one that the client comes from; a proxy or NAT in between changes it."
                )
            ]
        case .wrongPurpose:
            return wrongPurpose(isClient) + (finding.logger == nil ? [otherSide(wrongPurpose(true)[0])] : [])
        case .authorityPurpose: return [nested]
        case .revoked:
            return [
                LogCause(
                    "path-crl-revoked",
                    "The \(finding.subject.rawValue)'s certificate is revoked.",
                    tell: "openssl crl -noout -text -in CRL lists its serial number."
                )
            ]
        case .revocationUnknown: return [noRevocationInformation, listMissing]
        case .listExpired:
            return [
                LogCause(
                    "path-crl-expired",
                    "The revocation list is past its next update.",
                    tell: "openssl crl -noout -nextupdate -in CRL"
                )
            ]
        case .listMissing: return [listMissing]
        case .pinMismatch:
            return [
                LogCause(
                    "rot-pool-pins-old-client-cert",
                    "The key or certificate that is pinned isn't the one that was presented; it was renewed with a new key.",
                    tell: "Compare the digest of the presented key with the pin."
                )
            ]
        case .criticalExtension:
            return [
                LogCause(
                    "cred-critical-unknown-extension",
                    "A certificate has a critical extension that the verifier doesn't know.",
                    tell: "openssl x509 -noout -text: look for critical behind an unnamed OID."
                )
            ]
        case .nameConstraint:
            return [
                LogCause(
                    "path-nc-san-violation",
                    "A name in the certificate isn't permitted by an authority above it.",
                    tell: "openssl x509 -noout -ext nameConstraints on each authority, subjectAltName on the leaf."
                )
            ]
        case .pathLength: return [pathLength, verifyDepth]
        case .verifyDepth: return [verifyDepth, pathLength]
        case .notAnAuthority: return [notAuthority]
        case .keyUsage:
            return [
                LogCause(
                    "cred-keyusage-no-digitalsignature",
                    "The \(finding.subject.rawValue)'s certificate has a key usage without digitalSignature.",
                    tell: "openssl x509 -noout -ext keyUsage"
                )
            ]
        case .strictIdentifiers:
            return [
                LogCause(
                    "path-strict-missing-aki",
                    "The verifier checks strictly (Python 3.13 does), and an authority or leaf lacks what RFC 5280 demands.",
                    tell: "openssl verify -x509_strict"
                )
            ]
        case .weakAlgorithm: return weak
        case .weakKey: return weak.reversed()
        case .malformedCertificate: return [damagedCertificate(finding.subject)]
        case .certificateVersion:
            return [
                LogCause(
                    "cred-x509-v1-leaf",
                    "The \(finding.subject.rawValue)'s certificate is of X.509 version 1, which the verifier refuses.",
                    tell: "openssl x509 -noout -text: expected Version: 3."
                ), untrustedRoot(isClient),
            ]
        case .duplicateSerial:
            return [
                LogCause(
                    "cred-duplicate-serial",
                    "Two certificates of one issuer have the same serial number, and the verifier remembers the other one.",
                    tell: "openssl x509 -noout -issuer -serial on the old certificate and the new one."
                )
            ]
        case .refusedCertificate: return refused(finding)
        case .userMismatch:
            return [
                LogCause(
                    "id-certificate-user-mismatch",
                    "TLS accepted the certificate, and its subject maps to no such user: the common name isn't the user's name.",
                    tell: "openssl x509 -noout -subject, beside the user that is asked for and the server's map."
                )
            ]
        case .accessDenied:
            return [
                LogCause(
                    "cred-wrong-ca",
                    "The server refused the client's certificate: GnuTLS servers send access_denied for any that they don't verify.",
                    tell: "The server's log names the reason; countersign doctor CERT KEY CA tries it."
                ), forbidden,
            ]
        case .notAuthorized: return [forbidden]
        case .keyMismatch, .keyIsCertificate, .certificateIsKey, .noPrivateKey, .wrongPassword, .encryptedKey,
            .unsupportedKey, .legacyContainer, .noPEM, .damagedPEM, .lineEnds, .fileMissing, .filePermissions,
            .keyInaccessible, .keychainOnly, .emptyTrust, .trustFileUnusable, .noServerCertificate, .unknownSetting:
            return files(finding.condition)
        case .plaintextToTLS: return plaintext(finding)
        case .tlsToPlaintext: return [tlsToPlain, startTLS]
        case .tlsDemanded:
            return [
                LogCause(
                    "proto-plaintext-to-tls",
                    "The client connects without TLS, and the server demands it.",
                    tell: "The client's settings: its SSL mode or scheme (sslmode, security.protocol, rediss://)."
                )
            ]
        case .versionDisjoint:
            return [
                LogCause(
                    "proto-version-disjoint",
                    "Client and server have no TLS version in common.",
                    tell: "openssl s_client -tls1_2 and -tls1_3; minimum and maximum in both configurations."
                )
            ]
        case .noSharedCipher: return [noCipher, noServerKey]
        case .noSharedSignature:
            return [
                LogCause(
                    "cred-sigalg-unacceptable",
                    "No signature algorithm fits the key of the certificate: its type or curve isn't among the other side's.",
                    tell:
                        "openssl x509 -noout -text: key type and signature; countersign probe prints what the server asks for."
                ),
                noCipher,
            ]
        case .badProof:
            return [
                LogCause(
                    "cred-certverify-alg-swap",
                    "The \(finding.subject.rawValue)'s signature over the handshake doesn't fit its certificate: another key signs than the certificate's.",
                    tell:
                        "openssl x509 -noout -pubkey | diff - <(openssl pkey -pubout) on what that side loads; HSM and smart card drivers."
                ),
                sameNameOtherKey,
            ]
        case .serverName:
            return [
                LogCause(
                    "sni-host-mismatch",
                    "The server has no host of the name that the client sent as SNI, or the client sent none.",
                    tell: "openssl s_client -servername NAME, and -noservername."
                )
            ]
        case .noApplicationProtocol:
            return [
                LogCause(
                    "proto-alpn-required",
                    "Client and server have no ALPN protocol in common.",
                    tell: "openssl s_client -alpn h2,http/1.1"
                )
            ]
        case .renegotiation:
            return [
                LogCause(
                    "proto-no-renegotiation",
                    "The server asks for the certificate by renegotiation, which the client, TLS 1.3 or HTTP/2 doesn't allow.",
                    tell: "Only some paths fail; openssl s_client -tls1_2 shows a second handshake."
                )
            ]
        case .postHandshake:
            return [
                LogCause(
                    "proto-post-handshake-auth",
                    "The server asks for the certificate after the handshake, and the client doesn't offer that.",
                    tell: "openssl s_client -enable_pha; browsers and Go never offer it."
                )
            ]
        case .earlyData:
            return [
                LogCause(
                    "proto-early-data-client-auth",
                    "Early data and client authentication don't go together.",
                    tell: "It works without 0-RTT."
                )
            ]
        case .sessionScope:
            return [
                LogCause(
                    "res-sid-context-uninitialised",
                    "The server asks for client certificates and sets no session id context, so that resumed sessions fail.",
                    tell: "The first connection works, the second doesn't."
                )
            ]
        case .unexpectedMessage: return [noCertificateSent(finding), protocolFault]
        case .decodeError:
            return [
                LogCause(
                    "proto-gnutls-tls12-decode-error",
                    "GnuTLS 3.7 answers a missing client certificate in TLS 1.2 with decode_error.",
                    tell: "The server is GnuTLS, and TLS 1.3 gives certificate_required."
                ),
                LogCause(
                    "proto-ca-list-64k",
                    "A message is too long or malformed, such as a list of many authorities.",
                    tell: "openssl s_client -msg shows the message before the alert."
                ),
            ]
        case .badRecord:
            return [
                LogCause(
                    "proto-alert-divergence",
                    "A record can't be decrypted: something on the way changes bytes, or an implementation is faulty.",
                    tell: "It fails at random or behind one device only."
                ),
                LogCause(
                    "proto-tls-to-plaintext",
                    "Plaintext was sent inside a TLS connection.",
                    tell: "openssl s_client -msg."
                ),
            ]
        case .internalError:
            return [
                LogCause(
                    "proto-alert-divergence",
                    "The other side failed by itself while it handled the handshake.",
                    tell: "Its own log: often a callback, a missing key or an unset certificate."
                )
            ]
        case .unexpectedEnd, .reset: return ended(finding)
        case .timeout:
            return [
                LogCause(
                    "proto-handshake-stall",
                    "The other side didn't go on with the handshake in time.",
                    tell:
                        "A firewall, an overloaded server, or a client that only opened the connection (health checks)."
                ),
                tlsToPlain,
            ]
        case .verifyFailed: return verifyFailed(finding)
        case .handshakeFailed: return handshakeFailed(finding)
        }
    }
}
