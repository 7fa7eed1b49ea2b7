internal import MutualTLS
internal import OpenSSL

/// Findings about one certificate by itself.
package struct CertificateChecks {
    package enum Role: String, CaseIterable, Sendable {
        case client, server
    }

    /// The role of the certificate.
    enum Duty {
        case leaf(Role)
        case intermediate
        case anchor
    }

    var now: Timestamp
    /// How near an end of validity is worth a warning, in seconds.
    var margin: Int64

    func findings(of placed: PlacedCertificate, as duty: Duty) -> [Finding] {
        var findings = validity(placed, duty) + strength(placed)
        if case .leaf(let role) = duty { findings += purposes(placed, role) + names(placed, role) }
        if case .anchor = duty { return findings }
        return findings + identifiers(placed)
    }

    private func validity(_ placed: PlacedCertificate, _ duty: Duty) -> [Finding] {
        let certificate = placed.certificate
        if certificate.notBefore > now {
            let message = "it isn't valid before \(certificate.notBefore); check this machine's clock, which has \(now)"
            return [placed.finding("cred-not-yet-valid", .error, message, "-startdate")]
        }
        let id =
            switch duty {
            case .leaf(.client): "cred-expired-client"
            case .leaf(.server): "cred-expired-server"
            case .intermediate: "path-expired-intermediate"
            case .anchor: "path-expired-anchor"
            }
        if certificate.notAfter < now {
            return [placed.finding(id, .error, "it has expired at \(certificate.notAfter)", "-enddate")]
        }
        guard certificate.notAfter.secondsSinceEpoch - now.secondsSinceEpoch < margin else { return [] }
        return [placed.finding(id, .warning, "it expires soon, at \(certificate.notAfter)", "-enddate")]
    }

    private func strength(_ placed: PlacedCertificate) -> [Finding] {
        var findings: [Finding] = []
        if let key = try? placed.x509.publicKey() {
            // 112 bits of security, which level 2 of OpenSSL asks for: RSA 2048, curves of 224 bits.
            let least = key.algorithmName.hasPrefix("RSA") ? 2048 : 224
            if key.bits < least {
                let message = "its \(key.algorithmName) key has \(key.bits) bits; OpenSSL at level 2 asks for \(least)"
                findings.append(placed.finding("cred-weak-rsa1024", .error, message, "-text"))
            }
        }
        let signature = placed.x509.signatureAlgorithmName
        let isWeak = ["sha1", "md5"].contains { signature.lowercased().contains($0) }
        if isWeak, !placed.certificate.isSelfIssued {
            let message = "it is signed with \(signature), which OpenSSL refuses at level 1 and above"
            findings.append(placed.finding("cred-sha1-signed", .error, message, "-text"))
        }
        return findings
    }

    private func purposes(_ placed: PlacedCertificate, _ role: Role) -> [Finding] {
        var findings: [Finding] = []
        let wanted = role == .client ? Purpose.clientAuth : Purpose.serverAuth
        if let usages = placed.certificate.extendedKeyUsages {
            if !usages.contains(wanted), usages.contains(Purpose.any) {
                let message = "its only fitting purpose is any, which OpenSSL doesn't take for a \(role.rawValue)"
                findings.append(placed.finding("cred-any-eku-only", .warning, message, "-ext extendedKeyUsage"))
            } else if !usages.contains(wanted) {
                let id = role == .client ? "cred-serverauth-only-eku" : "cred-clientauth-only-eku"
                let message = "its extended key usage lacks \(role.rawValue)Auth"
                findings.append(placed.finding(id, .error, message, "-ext extendedKeyUsage"))
            }
        } else if placed.certificate.version == 3 {
            let message = "it has no extended key usage, so it is good for clients and servers alike"
            findings.append(placed.finding("cred-no-eku", .note, message, "-ext extendedKeyUsage"))
        }
        if let usage = placed.x509.keyUsage, !usage.contains(.digitalSignature) {
            let message = "its key usage lacks digitalSignature, which TLS 1.3 and ECDHE need"
            findings.append(placed.finding("cred-keyusage-no-digitalsignature", .error, message, "-ext keyUsage"))
        }
        if placed.certificate.isCertificateAuthority {
            let message = "it is a certificate authority: whoever holds its key can issue identities"
            findings.append(placed.finding("cfg-ca-in-identity-chain", .warning, message, "-ext basicConstraints"))
        }
        return findings
    }

    private func names(_ placed: PlacedCertificate, _ role: Role) -> [Finding] {
        let certificate = placed.certificate
        var findings: [Finding] = []
        if certificate.version < 3 {
            let message = "it has X.509 version \(certificate.version), so no names, purposes or identifiers"
            findings.append(
                placed.finding("cred-x509-v1-leaf", role == .server ? .error : .warning, message, "-text")
            )
        }
        for name in certificate.dnsNames where addressBytes(name) != nil {
            let message = "the address \(name) stands in it as a DNS name, where no client looks"
            findings.append(placed.finding("name-ip-as-dns-san", .error, message, "-ext subjectAltName"))
        }
        findings += malformedNames(placed) + spiffe(placed) + commonNames(placed) + curve(placed)
        guard role == .server, certificate.dnsNames.isEmpty, certificate.ipAddresses.isEmpty else { return findings }
        let message = "it names no host in subjectAltName; the common name is no host name to Go and others"
        return findings + [placed.finding("name-cn-only-server", .error, message, "-ext subjectAltName")]
    }

    /// Names that no client compares, one by one.
    private func malformedNames(_ placed: PlacedCertificate) -> [Finding] {
        placed.certificate.dnsNames.compactMap { name in
            let problem: String? =
                if addressBytes(name) != nil {
                    nil
                } else if name.isEmpty {
                    "is empty"
                } else if name.contains("://") {
                    "is a URL; expected the host name alone"
                } else if name.contains("@") {
                    "is an e-mail address"
                } else if name.contains(where: \.isWhitespace) {
                    "has blanks in it"
                } else if name.contains(":") {
                    "has a port in it; expected the host name alone"
                } else if name.contains("/") {
                    "has a path in it; expected the host name alone"
                } else if !name.utf8.allSatisfy({ $0 < 0x80 }) {
                    "isn't ASCII; expected its A-label (xn--…)"
                } else if name.hasSuffix(".") {
                    "ends with a dot, which Go refuses"
                } else if name.split(separator: ".", omittingEmptySubsequences: false).contains(where: {
                    $0.isEmpty || $0.utf8.count > 63
                }) {
                    "has an empty or too long label"
                } else if name.contains("*"), !name.hasPrefix("*.") || name.dropFirst(2).contains("*") {
                    "has a wildcard that isn't the whole first label"
                } else {
                    nil
                }
            guard let problem else { return nil }
            let message = "the DNS name “\(name)” in its subjectAltName \(problem), so that no client finds it there"
            return placed.finding("name-malformed-dns-san", .error, message, "-ext subjectAltName")
        }
    }

    /// X509-SVID sections 2 and 4.3: exactly one URI, and a leaf that signs no certificates.
    private func spiffe(_ placed: PlacedCertificate) -> [Finding] {
        let identities = placed.certificate.uris.filter { $0.lowercased().hasPrefix("spiffe://") }
        guard !identities.isEmpty else { return [] }
        var findings: [Finding] = []
        if placed.certificate.uris.count > 1 {
            let message =
                "it has \(placed.certificate.uris.count) URIs, and a SPIFFE identity has exactly one: validators must "
                + "refuse it"
            findings.append(placed.finding("id-spiffe-svid", .error, message, "-ext subjectAltName"))
        }
        if placed.x509.keyUsage?.contains(Self.keyCertSign) == true {
            let message = "it has a SPIFFE identity and may sign certificates (keyCertSign): validators must refuse it"
            findings.append(placed.finding("id-spiffe-svid", .error, message, "-ext keyUsage"))
        }
        if findings.isEmpty, let defect = placed.certificate.spiffeDefect {
            let message = "it \(defect): validators must refuse it"
            findings.append(placed.finding("id-spiffe-svid", .error, message, "-ext subjectAltName,keyUsage"))
        }
        return findings
    }

    /// Go takes the last common name, others the first, and the library none.
    private func commonNames(_ placed: PlacedCertificate) -> [Finding] {
        let names = placed.certificate.commonNames
        guard names.count > 1 else { return [] }
        let message =
            "its subject has \(names.count) common names, of which stacks take the first, the last or none: "
            + EscapedText.list(names)
        return [placed.finding("id-dn-rendering", .warning, message, "-subject")]
    }

    /// Bit 5 of the key usage, as OpenSSL numbers it (KU_KEY_CERT_SIGN).
    private static let keyCertSign = KeyUsage(rawValue: 0x0004)

    /// RFC 8446 section 4.2.3 has signature schemes for three curves of NIST's and for Edwards curves.
    private func curve(_ placed: PlacedCertificate) -> [Finding] {
        let key = placed.x509.publicKeyInfo
        guard let name = Self.curvesWithoutScheme.first(where: { FileForm.holds(key, $0.oid) })?.name else { return [] }
        let message =
            "its key is on the curve \(name), for which TLS 1.3 has no signature scheme: Go, Java and browsers refuse it, "
            + "OpenSSL takes it in TLS 1.2 alone; use P-256, P-384 or Ed25519"
        return [placed.finding("cred-sigalg-unacceptable", .error, message, "-text")]
    }

    private static let curvesWithoutScheme: [(name: String, oid: [UInt8])] = [
        ("secp256k1", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A]),
        ("P-224", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x21]),
        ("P-192", [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x01]),
        ("brainpoolP256r1", [0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07]),
        ("brainpoolP384r1", [0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B]),
    ]

    private func identifiers(_ placed: PlacedCertificate) -> [Finding] {
        guard placed.certificate.version == 3 else { return [] }
        let hasAuthority = placed.x509.hasAuthorityKeyIdentifier || placed.certificate.isSelfIssued
        guard !hasAuthority || (placed.certificate.isCertificateAuthority && !placed.x509.hasSubjectKeyIdentifier)
        else {
            return []
        }
        let message = "it lacks a key identifier, which strict verification asks for (Python 3.13)"
        let option = "-ext authorityKeyIdentifier,subjectKeyIdentifier"
        return [placed.finding("path-strict-missing-aki", .warning, message, option)]
    }

    /// Object identifiers of purposes (RFC 5280 section 4.2.1.12).
    private enum Purpose {
        static let serverAuth = "1.3.6.1.5.5.7.3.1"
        static let clientAuth = "1.3.6.1.5.5.7.3.2"
        static let any = "2.5.29.37.0"
    }
}

extension CertificateChecks.Role {
    /// The likely purpose of a certificate: servers have names and no purpose of clients.
    init(guessedFrom certificate: Certificate) {
        let usages = certificate.extendedKeyUsages ?? []
        let isForServers = usages.contains("1.3.6.1.5.5.7.3.1")
        let isForClients = usages.contains("1.3.6.1.5.5.7.3.2")
        let hasHosts = !certificate.dnsNames.isEmpty || !certificate.ipAddresses.isEmpty
        self = isForServers != isForClients ? (isForServers ? .server : .client) : (hasHosts ? .server : .client)
    }
}
