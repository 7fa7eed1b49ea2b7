internal import ConformanceModel
internal import Synchronization

/// The part of a case's PKI that its settings and steps mention, directly or through an issuer: only that is minted.
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
        for name in entry.references {
            add(certificate: name)
        }
    }
}

/// How many keys of each type that is slow to make a case needs at once.
struct SlowKeyCount: Hashable {
    private(set) var byType: [KeySpecification: Int] = [:]

    init(_ pki: PKISpecification, _ needs: NeededNames) {
        for name in needs.certificates {
            guard let entry = pki.certificates[name], entry.keyOf == nil, entry.key.isSlow else { continue }
            byType[entry.key, default: 0] += 1
        }
    }
}

/// The slow keys that the pool of this process holds already.
final class ReadyKeys: Sendable {
    private let byType = Mutex<[KeySpecification: Int]>([:])

    func missing(_ needed: SlowKeyCount) -> Int {
        byType.withLock { ready in
            needed.byType.reduce(0) { $0 + max(0, $1.value - ready[$1.key, default: 0]) }
        }
    }

    func add(_ made: SlowKeyCount) {
        byType.withLock { $0.merge(made.byType, uniquingKeysWith: max) }
    }
}

extension KeySpecification {
    fileprivate var isSlow: Bool {
        switch self {
        case .p256, .p384, .p521, .ed25519: false
        case .rsa1024, .rsa2048, .rsa3072, .rsaPSS: true
        }
    }
}
