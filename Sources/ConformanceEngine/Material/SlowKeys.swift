internal import ConformanceModel
internal import Synchronization

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
