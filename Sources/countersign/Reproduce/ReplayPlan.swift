internal import Conformance
internal import ConformanceEngine
internal import OpenSSL

/// A case's last connection as plain openssl commands.
struct ReplayPlan {
    var server: [String]
    var client: [String]
    /// Files that the commands need: name to the entries whose certificates it holds.
    var bundles: [String: [String]]
    /// How the connection ends there, in sentences for the README: what openssl does otherwise than the case asks.
    var differences: [String]
    /// Whether the connection is accepted; nil when openssl isn't able to play it.
    var isAccepted: Bool?
    /// What of the case is left out.
    var omissions: [String]

    /// - Parameter hasChain: whether a credential sends more than its leaf.
    init(_ testCase: ConformanceCase, expectation: CaseExpectation, hasChain: (String) -> Bool) {
        let settings = SettingsAtEnd(testCase)
        let version = testCase.version == .tls12 ? "-tls1_2" : "-tls1_3"
        server = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", version]
        client = ["openssl", "s_client", "-connect", "127.0.0.1:$port", "-ign_eof", version]
        bundles = [:]
        differences = []
        omissions = Self.omissions(testCase)
        let outcome = expectation.connections.last?.outcome
        isAccepted = outcome.flatMap { $0.decision == .configurationError ? nil : $0.decision == .accepted }
        if isAccepted == nil { omissions.append("the settings are refused before any byte, which openssl doesn't do") }
        arrangeServer(settings.server, testCase)
        arrangeClient(settings.client, testCase)
        if settings.server.identity.map(hasChain) == true { server += ["-cert_chain", "pki/server-chain.pem"] }
        if settings.client.identity.map(hasChain) == true { client += ["-cert_chain", "pki/client-chain.pem"] }
        differ(testCase, settings)
    }

    private mutating func arrangeServer(_ settings: ServerSettings, _ testCase: ConformanceCase) {
        if let identity = settings.identity { server += present(identity, testCase, isServer: true) }
        switch settings.clientAuth {
        case .noClientCert: break
        case .requestClientCert: server += ["-verify", "10"]
        case .requireAnyClientCert: server += ["-Verify", "10"]
        case .verifyClientCertIfGiven: server += ["-verify", "10", "-verify_return_error"]
        case .requireAndVerifyClientCert: server += ["-Verify", "10", "-verify_return_error"]
        }
        if settings.clientAuth.requestsCertificate, let pool = settings.clientCAs, !pool.isEmpty {
            bundles["client-cas.pem"] = pool
            server += ["-CAfile", "pki/client-cas.pem", "-no-CApath", "-no-CAstore", "-partial_chain"]
        } else {
            server += ["-no-CAfile", "-no-CApath", "-no-CAstore"]
        }
        server += Self.revocation(settings.revocation, settings.revocationLists)
    }

    private mutating func arrangeClient(_ settings: ClientSettings, _ testCase: ConformanceCase) {
        if let identity = settings.identity { client += present(identity, testCase, isServer: false) }
        if let sni = settings.sniOverride ?? settings.serverName, !sni.isEmpty, addressBytes(sni) == nil {
            client += ["-servername", sni]
        } else {
            client += ["-noservername"]
        }
        if let pool = settings.rootCAs, !pool.isEmpty {
            bundles["server-roots.pem"] = pool
            client += ["-CAfile", "pki/server-roots.pem", "-no-CApath", "-no-CAstore", "-partial_chain"]
        } else {
            client += ["-no-CAfile", "-no-CApath", "-no-CAstore"]
        }
        guard !settings.insecureSkipVerify else { return }
        client += ["-verify_return_error"]
        if let name = settings.serverName, !name.isEmpty {
            let isAddress = addressBytes(name) != nil
            client +=
                isAddress
                ? ["-verify_ip", name] : ["-verify_hostname", name.hasSuffix(".") ? String(name.dropLast()) : name]
        }
        client += Self.revocation(settings.revocation, settings.revocationLists)
    }

    private mutating func present(_ name: String, _ testCase: ConformanceCase, isServer: Bool) -> [String] {
        let side = isServer ? "server" : "client"
        var command = ["-cert", "pki/\(side)-identity.pem", "-key", "pki/\(side)-identity.key"]
        if let specified = testCase.pki.credentials[name], !specified.hasMatchingKey || specified.corruptsSignature {
            isAccepted = nil
            omissions.append("openssl refuses to load a key that isn't the certificate's, and signs rightly")
        }
        if testCase.pki.certificates.values.contains(where: { $0.key == .rsa1024 }) {
            command += ["-cipher", "DEFAULT@SECLEVEL=0"]
            differences.append("at security level 0 openssl takes RSA keys of 1024 bits")
        }
        return command
    }

    private static func revocation(_ mode: RevocationMode, _ lists: [String]) -> [String] {
        switch mode {
        case .off: []
        case .leaf: ["-crl_check"] + lists.flatMap { ["-CRL", "pki/\($0).crl"] }
        case .chain: ["-crl_check", "-crl_check_all"] + lists.flatMap { ["-CRL", "pki/\($0).crl"] }
        }
    }

    /// Where openssl is known to decide otherwise, what it decides.
    private mutating func differ(_ testCase: ConformanceCase, _ settings: SettingsAtEnd) {
        let pki = testCase.pki
        func leaf(_ name: String?) -> CertificateSpecification? {
            name.flatMap { pki.credentials[$0]?.certificate ?? $0 }.flatMap { pki.certificates[$0] }
        }
        if settings.server.clientAuth.verifiesCertificate, let client = leaf(settings.client.identity),
            isAccepted != nil
        {
            if client.extendedKeyUsages == ["any"] {
                differences.append("openssl takes no certificate whose only purpose is any")
                isAccepted = false
            }
            if let usages = client.keyUsages, !usages.isEmpty, !usages.contains("digitalSignature"),
                !usages.contains("keyAgreement")
            {
                differences.append("openssl refuses a client whose key usage lacks digitalSignature")
                isAccepted = false
            }
        }
        guard !settings.client.insecureSkipVerify, let server = leaf(settings.server.identity) else { return }
        let hasNames = !server.dnsNames.isEmpty || !server.ipAddresses.isEmpty
        let commonName = server.commonName ?? server.name
        if !hasNames, commonName == settings.client.serverName, isAccepted == false {
            differences.append("openssl takes the common name where there is no DNS name")
            isAccepted = true
        }
    }

    private static func omissions(_ testCase: ConformanceCase) -> [String] {
        var omissions: [String] = []
        let changes = testCase.steps.filter { step in
            switch step {
            case .connect, .exchange, .close: false
            case .reconnect, .rotate, .restart, .advanceClock: true
            }
        }
        if !changes.isEmpty || testCase.steps.count(where: \.opensConnection) > 1 {
            omissions.append("the timeline: the commands play the last connection with the settings at its end")
        }
        if !testCase.server.identitiesByName.isEmpty { omissions.append("the server's choice by name") }
        if testCase.client.presents == .matching {
            omissions.append("openssl presents a certificate whatever is named")
        }
        return omissions
    }
}

/// The settings as all rotations of a case have left them.
private struct SettingsAtEnd {
    var server: ServerSettings
    var client: ClientSettings

    init(_ testCase: ConformanceCase) {
        server = testCase.server
        client = testCase.client
        for case .rotate(let rotation) in testCase.steps {
            switch rotation.side {
            case .server: rotation.change.apply(to: &server)
            case .client: rotation.change.apply(to: &client)
            }
        }
    }
}
