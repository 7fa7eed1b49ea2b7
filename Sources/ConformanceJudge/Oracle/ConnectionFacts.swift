package import ConformanceModel

/// Everything that decides about one connection.
struct ConnectionFacts {
    var pairing: Pairing
    var version: ProtocolVersion
    var pki: PKISpecification
    var server: ServerSettings
    var client: ClientSettings
    /// How far the clock of both sides has moved since the case's now, which all times of its PKI are relative to.
    var elapsed: Int64 = 0
    /// The sides that go on judging by the time at which they started.
    var frozenClocks: Set<Side> = []

    init(of case: ConformanceCase) {
        pairing = `case`.pairing
        version = `case`.version
        pki = `case`.pki
        server = `case`.server
        client = `case`.client
    }

    var graph: CertificateGraph { CertificateGraph(certificates: pki.certificates) }

    /// The certificates of a credential's chain, without its leaf.
    func chain(of credential: CredentialSpecification) -> [CertificateSpecification] {
        credential.chain.compactMap { pki.certificates[$0] }
    }

    /// The time by which a side judges, in seconds from the case's now.
    func elapsed(at side: Side) -> Int64 { frozenClocks.contains(side) ? 0 : elapsed }

    func credential(_ name: String?) -> CredentialSpecification? {
        name.flatMap { pki.credentials[$0] }
    }

    func revocationLists(_ names: [String]) -> [RevocationListSpecification] {
        names.compactMap { pki.revocationLists[$0] }
    }

    /// The identity that the server chooses by the name in a ClientHello.
    func choice(for name: String?, ruling: inout Ruling) -> NameIndication.Choice {
        NameIndication(server: server, client: client).choice(
            for: name,
            default: server.identity,
            ownNames: credential(server.identity).flatMap { graph.certificate($0.certificate)?.dnsNames } ?? [],
            ruling: &ruling
        )
    }

    /// The facts with the mode of the host that the name asks for.
    func atHost(_ name: String?, ruling: inout Ruling) -> ConnectionFacts {
        guard !server.hosts.isEmpty, let name = name?.lowercased(),
            let mode = server.hosts[name.count > 1 && name.hasSuffix(".") ? String(name.dropLast()) : name],
            ruling.holds(.clientRequestedByHost, by: .server)
        else { return self }
        var facts = self
        facts.server.clientAuth = mode
        return facts
    }

    /// Whether the request is for another host than the name in the ClientHello, so that a server may refuse it by that
    /// alone, whatever the client holds (421 Misdirected Request, RFC 9110 section 15.5.20).
    func isMisdirected(under name: String?) -> Bool {
        guard client.sniOverride != nil, let expected = client.serverName else { return false }
        return name.map { !ReferenceName.isSameHost($0, expected) } ?? true
    }

    /// The facts with the mode that the server keeps for this name: NoClientCert where it doesn't ask although it is set
    /// to.
    func asked(by name: String?, ruling: inout Ruling) -> ConnectionFacts {
        guard server.clientAuth.requestsCertificate else { return self }
        var rules: [Rule] = [.clientRequested]
        if client.helloCut != nil { rules.append(.clientRequestedInPieces) }
        if let expected = client.serverName, client.sniOverride != nil, server.identitiesByName.isEmpty {
            if let name {
                let isSame = ReferenceName.isSameHost(name, expected)
                if name != expected {
                    rules.append(isSame ? .clientRequestedBySpelling : .clientRequestedByUnknownName)
                }
            } else {
                rules.append(.clientRequestedWithoutName)
            }
        }
        let answers = rules.map { ruling.holds($0, by: .server) }
        var facts = self
        if answers.contains(false) { facts.server.clientAuth = .noClientCert }
        return facts
    }

    /// Puts the new value of a setting in the place of the old one.
    mutating func apply(_ rotation: Rotation) {
        switch rotation.side {
        case .server: rotation.change.apply(to: &server)
        case .client: rotation.change.apply(to: &client)
        }
    }

    /// How the server judges the certificates of clients.
    var clientValidation: PathValidation {
        PathValidation(
            graph: graph,
            side: .server,
            pool: server.clientCAs ?? [],
            purpose: "clientAuth",
            revocation: server.revocation,
            revocationLists: revocationLists(server.revocationLists),
            elapsed: elapsed(at: .server)
        )
    }

    /// How the client judges the certificate of its server.
    var serverValidation: PathValidation {
        PathValidation(
            graph: graph,
            side: .client,
            pool: client.rootCAs ?? [],
            purpose: "serverAuth",
            revocation: client.revocation,
            revocationLists: revocationLists(client.revocationLists),
            elapsed: elapsed(at: .client)
        )
    }
}

/// How the harness drives a stack, where that decides which outcome can be right.
package struct StackTraits: Hashable, Sendable {
    /// Whether the stack, as driven here, presents a certificate with a key that does not belong to it.
    ///
    /// An honest stack refuses such a credential before any byte; a peer that is told to present it all the same
    /// puts the proof of possession of the other side to the test.
    package var presentsMismatchedKeys: Bool

    /// Whether the stack can tell of a resumed connection that its peer was verified in the full handshake.
    ///
    /// One that keeps no such fact with a session reports nobody as verified, which is no lie and no proof either.
    package var remembersVerification: Bool

    /// Whether the stack, told to present its certificate, ends a handshake of TLS 1.2 that doesn't ask for its key.
    package var givesUpUnaskedKeys: Bool

    package static func of(_ stack: Stack) -> StackTraits {
        StackTraits(
            presentsMismatchedKeys: stack == .gnutls,
            remembersVerification: stack != .gnutls,
            givesUpUnaskedKeys: stack == .gnutls
        )
    }
}
