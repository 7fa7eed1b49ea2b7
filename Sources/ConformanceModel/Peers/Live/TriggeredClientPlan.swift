/// Turns cases of the catalogue into ones that a client can be put through that a command starts.
package struct TriggeredClientPlan: Hashable, Sendable {
    package var stack: Stack
    /// The name that the client is given where a case takes the plain one: one that it can resolve by itself.
    package var serverName: String?
    /// The test authority that the client trusts; nil for one that is told whom to trust.
    package var issuer: LiveIssuer?

    package init(stack: Stack, serverName: String?, issuer: LiveIssuer?) {
        self.stack = stack
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
