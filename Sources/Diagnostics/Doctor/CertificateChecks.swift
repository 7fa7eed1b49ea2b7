internal import MutualTLS
internal import OpenSSL

/// What one certificate shows by itself.
package struct CertificateChecks {
    package enum Role: String, CaseIterable, Sendable {
        case client, server
    }

    /// What the certificate is there for.
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
        guard role == .server, certificate.dnsNames.isEmpty, certificate.ipAddresses.isEmpty else { return findings }
        let message = "it names no host in subjectAltName; the common name is no host name to Go and others"
        return findings + [placed.finding("name-cn-only-server", .error, message, "-ext subjectAltName")]
    }

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
    /// What a certificate is most likely for: servers have names and no purpose of clients.
    init(guessedFrom certificate: Certificate) {
        let usages = certificate.extendedKeyUsages ?? []
        let isForServers = usages.contains("1.3.6.1.5.5.7.3.1")
        let isForClients = usages.contains("1.3.6.1.5.5.7.3.2")
        let hasHosts = !certificate.dnsNames.isEmpty || !certificate.ipAddresses.isEmpty
        self = isForServers != isForClients ? (isForServers ? .server : .client) : (hasHosts ? .server : .client)
    }
}
