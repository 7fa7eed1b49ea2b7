extension LogCauses {
    static func noCertificate(_ finding: LogFinding) -> [LogCause] {
        var first = LogCause(
            "cred-no-client-cert",
            "The client sent no certificate, and the server requires one: none is configured where the connection is made.",
            tell:
                "countersign probe --listen shows what the client really sends; the client's settings for certificate and key."
        )
        switch finding.stack {
        case "Python httpx":
            first.tell = "httpx 0.28 and later ignores cert= without an SSLContext: use ctx.load_cert_chain."
        case "nginx" where finding.logger == .client:
            first.sentence =
                "nginx sends no certificate to the upstream, which requires one: proxy_ssl_certificate is missing."
            first.tell = "proxy_ssl_certificate and proxy_ssl_certificate_key in the location that proxies."
        default: break
        }
        if finding.stack == "nginx", finding.logger == .server {
            return [first, onlyHTTP, withheld, signatureOfClient]
        }
        return [first, withheld, signatureOfClient]
    }

    static func noCertificateSent(_ finding: LogFinding) -> LogCause { noCertificate(finding)[0] }

    static let forbidden = LogCause(
        "id-certificate-user-mismatch",
        "The certificate is valid, and its holder isn't permitted.",
        tell: "The server's access rules name who is."
    )
    static let onlyHTTP = LogCause(
        "proto-http-400-not-alert",
        "nginx ends the handshake and refuses in HTTP with 400, so that TLS clients see no alert.",
        tell: "The client's log has status 400 and no error of TLS."
    )
    static let withheld = LogCause(
        "proto-ca-hint-withhold",
        "The client has a certificate and withholds it: its issuer isn't among the CA names that the server sent.",
        tell: "Go and Java do so; countersign probe prints the names, openssl x509 -noout -issuer the issuer."
    )
    static let signatureOfClient = LogCause(
        "cred-sigalg-unacceptable",
        "The client's key fits none of the server's signature algorithms, so that nothing is sent.",
        tell: "The key is of an unusual type or curve."
    )

    static func untrusted(_ finding: LogFinding) -> [LogCause] {
        let isClient = finding.subject == .client
        let causes = [untrustedRoot(isClient), missingIntermediate(finding.subject), sameNameOtherKey]
        if isClient { return causes + [onlyIntermediate] }
        return finding.logger == nil ? causes + [otherSide(untrustedRoot(true))] : causes
    }

    /// The condition in the log of a server, where the words don't say whose log it is.
    static func otherSide(_ cause: LogCause) -> LogCause {
        var cause = cause
        cause.sentence = "In a server's log: \(cause.sentence)"
        return cause
    }

    static func untrustedRoot(_ isClient: Bool) -> LogCause {
        isClient
            ? LogCause(
                "cred-wrong-ca",
                "The server doesn't trust the authority that issued the client's certificate: it, or an intermediate below it, is missing from the server's CA file.",
                tell:
                    "openssl x509 -noout -issuer on the client's certificate, beside the CA names that countersign probe prints."
            )
            : LogCause(
                "cred-untrusted-server-ca",
                "The client doesn't trust the authority that issued the server's certificate: its root isn't in the client's CA file or store.",
                tell: "openssl s_client -connect HOST:PORT -CAfile CA ends with return code 0 once CA is right."
            )
    }

    static func missingIntermediate(_ subject: LogSide) -> LogCause {
        LogCause(
            "path-missing-intermediate",
            "The \(subject.rawValue) sends its certificate without the intermediate that issued it.",
            tell:
                "openssl verify -CAfile ROOT -untrusted INTERMEDIATE CERT succeeds, and without -untrusted it doesn't."
        )
    }

    static func selfSigned(_ isClient: Bool) -> LogCause {
        isClient
            ? LogCause(
                "cred-wrong-ca",
                "The client's certificate is self-signed, and the server doesn't have it among its authorities.",
                tell: "openssl x509 -noout -subject -issuer: both are the same."
            )
            : LogCause(
                "cred-untrusted-server-ca",
                "The server's certificate is self-signed, and the client doesn't have it among its authorities.",
                tell: "openssl x509 -noout -subject -issuer: both are the same."
            )
    }

    static let onlyIntermediate = LogCause(
        "path-trust-intermediate-only",
        "The CA file holds the intermediate alone, which OpenSSL doesn't take as an anchor.",
        tell: "Go, Java and GnuTLS accept the same files."
    )
    static let sameNameOtherKey = LogCause(
        "path-same-dn-ca-rotation",
        "The authority was generated anew with the same name and another key, and one side still has the old one.",
        tell: "Compare the fingerprints of the CA files on both sides; the names are equal."
    )
    static let keyIdentifiers = LogCause(
        "path-aki-ski-mismatch",
        "The certificate's authority key identifier names another key than that of the authority.",
        tell: "openssl x509 -noout -ext authorityKeyIdentifier,subjectKeyIdentifier on both."
    )

    static func damagedCertificate(_ subject: LogSide) -> LogCause {
        LogCause(
            "cred-negative-serial",
            "The \(subject.rawValue)'s certificate breaks the rules of its encoding, or was altered.",
            tell: "countersign doctor CERT; openssl x509 -noout -text."
        )
    }

    static func expired(_ isClient: Bool) -> [LogCause] {
        [
            isClient
                ? LogCause(
                    "cred-expired-client",
                    "The client's certificate has expired, or an intermediate that it sends.",
                    tell: "openssl x509 -noout -enddate on each certificate of the client's file."
                )
                : LogCause(
                    "cred-expired-server",
                    "The server's certificate has expired, or an intermediate that it sends.",
                    tell: "openssl s_client -showcerts; -enddate of each certificate."
                ),
            LogCause(
                "path-expired-intermediate",
                "An intermediate of the chain has expired, and the leaf hasn't.",
                tell: "The end of validity of each authority in between."
            ),
            LogCause(
                "path-expired-anchor",
                "The root in the verifier's CA file has expired.",
                tell: "openssl storeutl -noout -text -certs CA"
            ),
            LogCause("cred-not-yet-valid", "The verifier's clock is wrong.", tell: "date -u on the side that refuses."),
        ]
    }

    static let wrongHost = LogCause(
        "name-wrong-host",
        "The name that the client dials isn't in the server's certificate.",
        tell: "openssl x509 -noout -ext subjectAltName, beside the name in the client's URL."
    )
    static let address = LogCause(
        "name-ip-without-ip-san",
        "The client dials an address, and the server's certificate has no such IP address in subjectAltName.",
        tell: "openssl x509 -noout -ext subjectAltName: expected IP Address:…, not DNS:…"
    )
    static let noSAN = LogCause(
        "name-ip-without-ip-san",
        "The client dials an address, and the server's certificate has no subjectAltName at all.",
        tell: "openssl x509 -noout -ext subjectAltName prints nothing."
    )
    static let commonName = LogCause(
        "name-cn-only-server",
        "The server's certificate has its name in the common name only, and no subjectAltName.",
        tell: "openssl x509 -noout -ext subjectAltName prints nothing."
    )
    static let nameMismatch = [
        wrongHost, address, commonName,
        LogCause(
            "sni-host-mismatch",
            "The server presents the certificate of another of its hosts.",
            tell: "openssl s_client -servername NAME shows the right one."
        ),
    ]

    static func wrongPurpose(_ isClient: Bool) -> [LogCause] {
        [
            isClient
                ? LogCause(
                    "cred-serverauth-only-eku",
                    "The client's certificate is for servers only: its extended key usage lacks clientAuth.",
                    tell: "openssl x509 -noout -ext extendedKeyUsage"
                )
                : LogCause(
                    "cred-clientauth-only-eku",
                    "The server's certificate isn't for servers: its extended key usage lacks serverAuth.",
                    tell: "openssl x509 -noout -ext extendedKeyUsage"
                ),
            nested,
        ]
    }

    static let nested = LogCause(
        "path-ca-eku-nesting",
        "An intermediate's extended key usage doesn't allow this purpose below it.",
        tell: "openssl x509 -noout -ext extendedKeyUsage on each intermediate."
    )
    static let noRevocationInformation = LogCause(
        "path-revocation-unreachable",
        "Whether the certificate is revoked couldn't be found out: the list or responder isn't reachable from this machine.",
        tell: "The addresses in crlDistributionPoints and authorityInfoAccess, fetched from there."
    )
    static let listMissing = LogCause(
        "path-crl-missing",
        "Revocation is checked, and the list of one of the authorities is missing.",
        tell: "openssl crl -noout -issuer on each list, beside the issuers in the chain."
    )
    static let pathLength = LogCause(
        "path-pathlen",
        "The chain is longer than an authority in it allows.",
        tell: "openssl x509 -noout -ext basicConstraints on each authority: pathlen counts the intermediates below."
    )
    static let verifyDepth = LogCause(
        "path-verify-depth",
        "The verifier's depth is set too low for the chain.",
        tell: "nginx: ssl_verify_depth is 1 by default; SSL_CTX_set_verify_depth elsewhere."
    )
    static let notAuthority = LogCause(
        "path-non-ca-issuer",
        "A certificate in the chain or CA file issued another one and is no CA (CA:FALSE, or none stated).",
        tell: "openssl x509 -noout -ext basicConstraints on each authority."
    )
    static let weak = [
        LogCause(
            "cred-sha1-signed",
            "An algorithm or key is too weak for the verifier: SHA-1 or MD5 signatures, only SHA-1 offered by the peer, or RSA below 2048 bits.",
            tell: "openssl x509 -noout -text: Signature Algorithm and key size of each certificate; the security level."
        ),
        LogCause(
            "cred-weak-rsa1024",
            "The key is too small for the security level: RSA below 2048 bits at level 2.",
            tell: "openssl x509 -noout -text: the size of each public key."
        ),
    ]

    static func refused(_ finding: LogFinding) -> [LogCause] {
        guard finding.subject == .client else {
            return [
                untrustedRoot(false), wrongHost, expired(false)[0],
                LogCause(
                    "proto-alert-divergence",
                    "The client gives this alert for any fault of the certificate.",
                    tell: "The client's own log names it."
                ),
            ]
        }
        guard finding.finder == .peer, finding.alert == 42 || finding.alert == 40 || finding.alert == nil else {
            return [
                untrustedRoot(true), missingIntermediate(.client), expired(true)[0], wrongPurpose(true)[0],
                LogCause(
                    "cred-critical-unknown-extension",
                    "A certificate of the client has a critical extension that the server doesn't know.",
                    tell: "The server's log names it."
                ),
            ]
        }
        let wholly = LogCause(
            "cred-wrong-ca",
            "The server refused the client's certificate: it wasn't issued by an authority that the server trusts, or has expired, or is for another purpose.",
            tell: "The server's log names the reason; countersign doctor CERT KEY CA tries it."
        )
        let none = noCertificate(finding)[0]
        // Servers in Go and Java send bad_certificate for none at all.
        if finding.stack == "nginx" || finding.stack?.hasPrefix("Go") == true || finding.stack?.contains("(Go)") == true
        {
            return [none, wholly, withheld]
        }
        return [wholly, none, withheld]
    }

    static func plaintext(_ finding: LogFinding) -> [LogCause] {
        let toServer = LogCause(
            "proto-plaintext-to-tls",
            "The client speaks plaintext to a port that expects TLS.",
            tell: "The client's scheme or SSL mode; health checks and proxies that end TLS before."
        )
        return finding.subject == .client
            ? [toServer, tlsToPlain] : [tlsToPlain, startTLS, toServer]
    }

    static let tlsToPlain = LogCause(
        "proto-tls-to-plaintext",
        "The client speaks TLS to a port that answers in plaintext.",
        tell: "countersign probe quotes the first bytes that come; another port, or a proxy in between."
    )
    static let startTLS = LogCause(
        "proto-tls-to-plaintext",
        "The protocol begins in plaintext, and TLS only after a command.",
        tell: "countersign probe --starttls."
    )
    static let noCipher = LogCause(
        "proto-no-shared-cipher",
        "Client and server have no cipher suite or group in common.",
        tell: "openssl s_client -cipher and -groups; the lists in both configurations."
    )
    static let noServerKey = LogCause(
        "cfg-empty-chain-starts",
        "The server has no certificate that fits the offered suites: none loaded, or of another key type.",
        tell: "The server's log at start."
    )
    static let protocolFault = LogCause(
        "proto-alert-divergence",
        "One side sent a message that the other one didn't expect at this point.",
        tell: "openssl s_client -msg shows the order."
    )

    static func ended(_ finding: LogFinding) -> [LogCause] {
        if finding.logger == .server {
            return [
                LogCause(
                    "proto-unexpected-eof",
                    "The client went away in the handshake without an alert: it refused the server's certificate silently, or was a health check or scanner.",
                    tell: "The client's log; whether it comes at regular times."
                ),
                untrustedRoot(false),
            ]
        }
        let lost = [
            LogCause(
                "proto-alert-lost-to-reset",
                "The server ended the connection without an alert that arrived: most often it requires a client certificate and got none.",
                tell:
                    "The server's log; countersign probe reads before it writes, and sees an alert that a reset swallows."
            ),
            noCertificate(finding)[0],
            LogCause(
                "proto-node-silent-reject",
                "The server refuses by closing, as Node does.",
                tell: "The server's tlsClientError event."
            ),
            tlsToPlain,
        ]
        guard finding.logger == nil, finding.condition == .unexpectedEnd, finding.stack == "OpenSSL" else {
            return lost
        }
        return [
            LogCause(
                "proto-unexpected-eof",
                "The other side closed the connection without close_notify and without an alert; OpenSSL 3 calls that an error.",
                tell: "When data had arrived before, only the close_notify is missing."
            )
        ] + lost
    }

    static func verifyFailed(_ finding: LogFinding) -> [LogCause] {
        let isClient = finding.subject == .client
        return [
            untrustedRoot(isClient), missingIntermediate(finding.subject), expired(isClient)[0], notAuthority,
            wrongPurpose(isClient)[0],
        ]
    }

    static func handshakeFailed(_ finding: LogFinding) -> [LogCause] {
        if finding.stack == "HAProxy", finding.logger == .client {
            return [
                LogCause(
                    "cred-no-client-cert",
                    "The handshake with the backend fails: the backend requires a client certificate (crt) or a server name (sni) that HAProxy doesn't send.",
                    tell: "crt, ca-file and sni on the server line; check-sni for health checks."
                ),
                untrustedRoot(false), noCipher,
            ]
        }
        if finding.finder == .peer || finding.alert == 40 {
            guard finding.subject == .client else {
                return [noCipher, untrustedRoot(false)]
            }
            return [noCertificate(finding)[0], noCipher, withheld]
        }
        let untrusted = untrustedRoot(finding.subject == .client)
        return finding.logger == .server
            ? [
                LogCause(
                    "proto-alert-divergence",
                    "The handshake with a client failed; this line doesn't say why: no or an untrusted client certificate, a client that refuses the server, or plaintext.",
                    tell: "The lines beside this one, at a higher log level; the client's log."
                ),
                noCertificate(finding)[0], untrustedRoot(false),
            ] : [untrusted, noCertificate(finding)[0], noCipher]
    }
}
