/// Turns cases of the catalogue into ones that a live server can be put through: with its own certificate and name, and
/// with clients whose certificates the test authority issues.
package struct LiveServerPlan: Hashable, Sendable {
    package var stack: Stack
    package var mode: ClientAuthMode
    /// The name that the server is asked for, and that its certificate must have: a host name or an address.
    package var serverName: String
    /// How many certificates the server's own is verified with; 0 leaves it unverified.
    package var rootCount: Int
    package var issuer: LiveIssuer

    package init(stack: Stack, mode: ClientAuthMode, serverName: String, rootCount: Int, issuer: LiveIssuer) {
        self.stack = stack
        self.mode = mode
        self.serverName = serverName
        self.rootCount = rootCount
        self.issuer = issuer
    }

    /// Whether the case is about what a server of this mode thinks of clients.
    package func concerns(_ testCase: ConformanceCase) -> Bool {
        testCase.server.clientAuth == mode && !Self.foreignScenarios.contains { testCase.scenario.hasPrefix($0) }
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
        aim(&aimed.client, roots)
        if var control = aimed.control {
            control.server.identity = server.name
            aim(&control.client, roots)
            aimed.control = control
        }
        // It was stated of the case as it stands in its file.
        aimed.statedExpectation = nil
        return aimed
    }

    private func aim(_ client: inout ClientSettings, _ roots: [String]) {
        if let sent = client.sniOverride, let plain = client.serverName {
            client.sniOverride = Self.replacing(plain, in: sent, with: serverName)
        }
        client.serverName = serverName
        client.rootCAs = roots.isEmpty ? nil : roots
        // Under another name than its own a server may show another certificate, and it is the client that is judged.
        client.insecureSkipVerify = roots.isEmpty || client.sniOverride != nil
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
        if server.revocation != .off { return "no revocation list can be given to a live server" }
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

    private static let serverEntry = "live-server"
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
