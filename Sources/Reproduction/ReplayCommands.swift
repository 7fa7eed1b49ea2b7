internal import Campaign
package import ConformanceJudge
package import ConformanceModel
internal import OpenSSL

/// The two openssl commands of one connection.
package struct ReplayCommands {
    private let testCase: ConformanceCase
    private let settings: ConnectionSettings
    private let expected: ConnectionExpectation
    private let now: Int64
    private let hasChain: (String) -> Bool
    private let pools: ReplayPools

    package private(set) var server: [String]
    package var client: [String]
    package private(set) var identities: Set<ReplayPlan.Presented> = []
    package private(set) var differences: [String] = []
    package private(set) var isAccepted: Bool

    /// The one word of a command that the script's shell fills in.
    static let address = "127.0.0.1:$port"

    package init(
        _ testCase: ConformanceCase,
        _ settings: ConnectionSettings,
        _ expected: ConnectionExpectation,
        now: Int64,
        hasChain: @escaping (String) -> Bool,
        pools: ReplayPools
    ) {
        self.testCase = testCase
        self.settings = settings
        self.expected = expected
        self.now = now
        self.hasChain = hasChain
        self.pools = pools
        let version = testCase.version == .tls12 ? "-tls1_2" : "-tls1_3"
        server = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", version]
        client = ["openssl", "s_client", "-connect", Self.address, "-ign_eof", version]
        isAccepted = expected.outcome.decision == .accepted
    }

    package mutating func arrange() {
        arrangeServer(settings.server)
        arrangeClient(settings.client)
        if settings.elapsed > 0 {
            let time = ["-attime", String(now + settings.elapsed)]
            server += time
            client += time
        }
        differ()
    }

    private mutating func arrangeServer(_ settings: ServerSettings) {
        if let identity = servedIdentity { server += present(identity, .server) }
        switch settings.clientAuth {
        case .noClientCert: break
        case .requestClientCert: server += ["-verify", "10"]
        case .requireAnyClientCert: server += ["-Verify", "10"]
        case .verifyClientCertIfGiven: server += ["-verify", "10", "-verify_return_error"]
        case .requireAndVerifyClientCert: server += ["-Verify", "10", "-verify_return_error"]
        }
        if settings.clientAuth.requestsCertificate, let pool = settings.clientCAs, !pool.isEmpty {
            server += ["-CAfile", pools.path(of: pool, "client-cas"), "-no-CApath", "-no-CAstore", "-partial_chain"]
        } else {
            server += ["-no-CAfile", "-no-CApath", "-no-CAstore"]
        }
        server += Self.revocation(settings.revocation, settings.revocationLists)
    }

    private mutating func arrangeClient(_ settings: ClientSettings) {
        // A client that looks at the CA names may hold a certificate back, and openssl presents any that it is given.
        let isWithheld = expected.server.received == SideExpectation.none && settings.presents == .matching
        if let identity = settings.identity, !isWithheld { client += present(identity, .client) }
        if settings.identity != nil, isWithheld {
            differences.append("the client's certificate is left out, since none of the CA names is its issuer's")
        }
        if let name = serverName {
            client += ["-servername", name]
        } else {
            client += ["-noservername"]
        }
        if let pool = settings.rootCAs, !pool.isEmpty {
            client += ["-CAfile", pools.path(of: pool, "server-roots"), "-no-CApath", "-no-CAstore", "-partial_chain"]
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

    /// The name that is sent as server_name.
    private var serverName: String? {
        let name = settings.client.sniOverride ?? settings.client.serverName
        guard let name, !name.isEmpty, addressBytes(name) == nil else { return nil }
        return name
    }

    /// The credential that the server chooses by the name: that of the whole name, or of its last labels.
    private var servedIdentity: String? {
        let byName = Dictionary(
            settings.server.identitiesByName.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        guard !byName.isEmpty, var name = serverName?.lowercased() else { return settings.server.identity }
        if name.hasSuffix(".") { name.removeLast() }
        let wildcard = name.firstIndex(of: ".").map { "*" + name[$0...] }
        return byName[name] ?? wildcard.flatMap { byName[$0] } ?? settings.server.identity
    }

    private mutating func present(_ name: String, _ side: Side) -> [String] {
        identities.insert(.init(side: side, credential: name))
        let file = "pki/\(side.rawValue)-\(name)"
        var command = ["-cert", "\(file).pem", "-key", "\(file).key"]
        if hasChain(name) { command += ["-cert_chain", "\(file)-chain.pem"] }
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
    private mutating func differ() {
        let pki = testCase.pki
        func leaf(_ name: String?) -> CertificateSpecification? {
            name.flatMap { pki.credentials[$0]?.certificate ?? $0 }.flatMap { pki.certificates[$0] }
        }
        if settings.server.clientAuth.verifiesCertificate, let client = leaf(settings.client.identity) {
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
        guard !settings.client.insecureSkipVerify, let server = leaf(servedIdentity) else { return }
        let hasNames = !server.dnsNames.isEmpty || !server.ipAddresses.isEmpty
        let commonName = server.commonName ?? server.name
        if !hasNames, commonName == settings.client.serverName, addressBytes(commonName) == nil, !isAccepted {
            differences.append("openssl takes the common name where there is no DNS name")
            isAccepted = true
        }
    }
}
