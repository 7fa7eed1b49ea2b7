internal import ConformanceModel

/// What of a case's PKI its settings and steps mention, directly or through an issuer: only that is minted.
struct NeededNames {
    private let specification: PKISpecification
    private(set) var certificates: Set<String> = []
    private(set) var revocationLists: Set<String> = []
    /// The entries whose private keys sign for a credential.
    private(set) var keys: Set<String> = []

    init(_ testCase: ConformanceCase, withControl: Bool) {
        specification = testCase.pki
        add(testCase.server, testCase.client)
        if withControl, let control = testCase.control {
            add(control.server, control.client)
        }
        for case .rotate(let rotation) in testCase.steps {
            add(rotation.change)
        }
    }

    private mutating func add(_ server: ServerSettings, _ client: ClientSettings) {
        for name in [server.identity, client.identity].compactMap(\.self) + server.identitiesByName.values {
            add(credential: name)
        }
        for name in (server.clientCAs ?? []) + (client.rootCAs ?? []) {
            add(certificate: name)
        }
        for name in server.revocationLists + client.revocationLists {
            add(list: name)
        }
    }

    private mutating func add(_ change: SettingChange) {
        switch change {
        case .identity(let name): add(credential: name)
        case .clientCAs(let pool), .rootCAs(let pool): pool.forEach { add(certificate: $0) }
        case .revocationLists(let lists): lists.forEach { add(list: $0) }
        case .clientAuth, .serverName: break
        }
    }

    private mutating func add(credential name: String) {
        guard let credential = specification.credential(name) else { return }
        let keyOwner = credential.keyOf ?? credential.certificate
        keys.insert(keyOwner)
        for name in [credential.certificate, keyOwner] + credential.chain {
            add(certificate: name)
        }
    }

    private mutating func add(list name: String) {
        guard let list = specification.revocationLists[name], revocationLists.insert(name).inserted else { return }
        // What it revokes need not exist: serial numbers follow from the seed and the names.
        add(certificate: list.issuer)
    }

    private mutating func add(certificate name: String) {
        guard let entry = specification.certificates[name], certificates.insert(name).inserted else { return }
        for name in [entry.issuer, entry.keyOf].compactMap(\.self) {
            add(certificate: name)
        }
    }
}
