/// A name that a live server has, and the mode that it is to keep for it.
package struct LiveHost: Hashable, Sendable {
    package var name: String
    package var mode: ClientAuthMode

    package init(name: String, mode: ClientAuthMode) {
        self.name = name
        self.mode = mode
    }
}

/// Turns cases of the catalogue into ones that a live server can be put through: with its own certificate and name, and
/// with clients whose certificates the test authority issues.
package struct LiveServerPlan: Hashable, Sendable {
    package var stack: Stack
    package var mode: ClientAuthMode
    /// The name that the server is asked for, and that its certificate must have: a host name or an address.
    package var serverName: String
    /// The host of the same server that asks least of its clients, when it asks less than this one.
    package var openHost: LiveHost?
    /// How many certificates the server's own is verified with; 0 leaves it unverified.
    package var rootCount: Int
    package var issuer: LiveIssuer

    package init(
        stack: Stack,
        mode: ClientAuthMode,
        serverName: String,
        openHost: LiveHost? = nil,
        rootCount: Int,
        issuer: LiveIssuer
    ) {
        self.stack = stack
        self.mode = mode
        self.serverName = serverName
        self.openHost = openHost
        self.rootCount = rootCount
        self.issuer = issuer
    }

    /// Whether the case is about what a server of this mode thinks of clients.
    package func concerns(_ testCase: ConformanceCase) -> Bool {
        guard testCase.server.clientAuth == mode,
            !Self.foreignScenarios.contains(where: { testCase.scenario.hasPrefix($0) })
        else { return false }
        // The leaf is directly below the authority, so that checking the chain would ask the same again.
        if testCase.scenario == Self.revokedScenario {
            return testCase.server.revocation == .leaf && issuer.revokedSerial != nil
        }
        if testCase.server.hosts.isEmpty {
            return testCase.pairing.client == .countersign
                && (testCase.client.sniOverride != Self.openName || openHost != nil)
        }
        // The library's client offers a session to no other name.
        return testCase.pairing.client == .gnutls && testCase.server.hosts[Self.openName] == openHost?.mode
    }

    /// The case as the live server is put through it.
    package func aimed(_ testCase: ConformanceCase) -> ConformanceCase {
        var aimed = testCase
        let anchor = Self.anchor(of: testCase)
        if let anchor {
            aimed.pki.adopt(issuer, as: anchor)
            // What else a case's server would trust, a live one doesn't: the outcome is derived for the one authority.
            if aimed.server.clientCAs?.isEmpty == false { aimed.server.clientCAs = [anchor] }
            if aimed.control?.server.clientCAs?.isEmpty == false { aimed.control?.server.clientCAs = [anchor] }
        }
        if let serial = issuer.revokedSerial, testCase.scenario == Self.revokedScenario {
            for list in aimed.pki.revocationLists.values {
                for name in list.revokes { aimed.pki.certificates[name]?.serial = serial }
            }
        }
        let roots = (0..<rootCount).map { "live-root-\($0 + 1)" }
        for (index, name) in roots.enumerated() {
            var root = CertificateSpecification(name: name)
            root.isCA = true
            root.standIn = .serverRoot(index)
            aimed.pki.certificates[name] = root
        }
        var server = CertificateSpecification(name: Self.serverEntry, issuer: roots.first)
        server.extendedKeyUsages = ["serverAuth"]
        if ReferenceName(serverName).isAddress {
            server.ipAddresses = [serverName]
        } else {
            server.dnsNames = [serverName]
        }
        aimed.pki.certificates[server.name] = server
        aimed.pki.credentials[server.name] = CredentialSpecification(name: server.name, certificate: server.name)
        aimed.server.identity = server.name
        aimed.server.identitiesByName = [:]
        if let openHost, !aimed.server.hosts.isEmpty {
            aimed.server.hosts = [openHost.name.lowercased(): openHost.mode]
            aimed.steps = aimed.steps.map(aim)
        }
        aim(&aimed.client, roots)
        if var control = aimed.control {
            control.server.identity = server.name
            control.server.hosts = aimed.server.hosts
            aim(&control.client, roots)
            aimed.control = control
        }
        // It was stated of the case as it stands in its file.
        aimed.statedExpectation = nil
        return aimed
    }

    private func aim(_ client: inout ClientSettings, _ roots: [String]) {
        if let sent = client.sniOverride, let plain = client.serverName {
            client.sniOverride =
                sent == Self.openName ? openHost?.name : Self.replacing(plain, in: sent, with: serverName)
        }
        // Under another name than its own a server may show another certificate, and it is the client that is judged.
        let isAboutHosts = client.serverName == Self.openName || client.sniOverride != nil
        client.serverName = client.serverName.map(aimedName) ?? serverName
        client.rootCAs = roots.isEmpty ? nil : roots
        client.insecureSkipVerify = roots.isEmpty || isAboutHosts
    }

    private func aim(_ step: Step) -> Step {
        guard case .rotate(var rotation) = step, case .serverName(let name) = rotation.change else { return step }
        rotation.change = .serverName(aimedName(name))
        return .rotate(rotation)
    }

    private func aimedName(_ name: String) -> String {
        name == Self.openName ? openHost?.name ?? serverName : serverName
    }

    /// Another spelling of a scenario's name as the same spelling of the target's.
    private static func replacing(_ plain: String, in sent: String, with name: String) -> String {
        if sent == plain.uppercased() { return name.uppercased() }
        guard sent == plain || sent == plain + "." || sent.hasSuffix("." + plain) else { return sent }
        return sent.replacing(plain, with: name)
    }

    /// Why a live server can't be put through a case; nil when it can.
    package static func refusal(of testCase: ConformanceCase) -> String? {
        let server = testCase.server
        if !testCase.steps.allSatisfy(\.leavesServer) { return "nothing of a live server can be changed" }
        if server.clientCAs?.isEmpty == true { return "a live server's pool holds the test authority" }
        if testCase.pki.adopted == nil, server.clientCAs != nil {
            return "the pool of this case holds no authority that a test authority can stand in for"
        }
        if server.clientAuth.verifiesCertificate, server.clientCAs == nil {
            return "a live server that verifies has a pool"
        }
        if !server.identitiesByName.isEmpty || server.strictSNI { return "a live server brings its own certificates" }
        if server.acceptableCANames == .none { return "what a live server sends as CA names can't be chosen" }
        if server.revocation != .off, !testCase.pki.certificates.values.contains(where: { $0.serial != nil }) {
            return "no revocation list can be given to a live server; --crl names the one that it has"
        }
        return nil
    }

    /// The authority that the test authority stands in for: that of the client which must be accepted, or else a good
    /// one of the server's pool.
    private static func anchor(of testCase: ConformanceCase) -> String? {
        let pool = testCase.server.clientCAs
        let candidates =
            [testCase.control?.client.identity, testCase.client.identity].compactMap { identity in
                identity.flatMap(testCase.pki.root)
            } + (pool ?? [])
        return candidates.first { testCase.pki.isPlainAuthority($0) && pool?.contains($0) ?? true }
    }

    /// The name of the host that asks least, in scenarios with several.
    private static let openName = "open.test"
    private static let serverEntry = "live-server"
    private static let revokedScenario = "client-auth/revoked-serial"
    private static let foreignScenarios = ["server-auth/", "sni/", "resumption/", "rotation/"]
}

/// Turns cases of the catalogue into ones that a client can be put through that a command starts.
package struct TriggeredClientPlan: Hashable, Sendable {
    package var stack: Stack
    /// The name that the client is given where a case takes the plain one: one that it can resolve by itself.
    package var serverName: String?
    /// The test authority that the client trusts; nil for one that is told whom to trust.
    package var issuer: LiveIssuer?
    /// Whether one process makes all connections.
    package var isLasting: Bool

    package init(stack: Stack, serverName: String?, issuer: LiveIssuer?, isLasting: Bool = false) {
        self.stack = stack
        self.isLasting = isLasting
        self.serverName = serverName
        self.issuer = issuer
    }

    /// The case as the client is put through it.
    package func aimed(_ testCase: ConformanceCase) -> ConformanceCase {
        var aimed = testCase
        if let issuer, let pool = testCase.client.rootCAs, pool.count == 1, let anchor = pool.first,
            testCase.pki.isPlainAuthority(anchor)
        {
            aimed.pki.adopt(issuer, as: anchor)
            aimed.statedExpectation = nil
        }
        if let serverName {
            for name in aimed.pki.certificates.keys {
                aimed.pki.certificates[name]?.dnsNames.replace(Self.plainName, with: serverName)
            }
            aimed.client.rename(Self.plainName, to: serverName)
            aimed.control?.client.rename(Self.plainName, to: serverName)
            aimed.statedExpectation = nil
        }
        return aimed
    }

    /// The name of the server in scenarios that are not about names.
    private static let plainName = "server.test"
}

extension [String] {
    fileprivate mutating func replace(_ name: String, with other: String) {
        self = map { $0 == name ? other : $0 }
    }
}

extension ClientSettings {
    fileprivate mutating func rename(_ name: String, to other: String) {
        if serverName == name { serverName = other }
    }
}
