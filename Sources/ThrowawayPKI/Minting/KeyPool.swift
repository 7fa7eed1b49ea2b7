internal import OpenSSL
internal import OpenSSLMinting
internal import Synchronization

/// RSA keys, made when they are first asked for and kept for the life of the pool.
///
/// An RSA key takes a tenth of a second to make, more than all other work for a case, so cases share them. Within one
/// recipe each entry has its own key.
package final class KeyPool: Sendable {
    private let keys = Mutex<[Slot: SigningKey]>([:])

    package init() {}

    /// The number of keys that have been made so far.
    package var count: Int { keys.withLock { $0.count } }

    /// The key with this index, the same one each time.
    func key(_ type: KeyType, index: Int) throws(OpenSSLError) -> SigningKey {
        let slot = Slot(type: type, index: index)
        if let known = keys.withLock({ $0[slot] }) { return known }
        // Made outside the lock: two threads may both make one, and the first to come back decides.
        let fresh = try SigningKey(generating: type.algorithm)
        return keys.withLock { keys in
            if let known = keys[slot] { return known }
            keys[slot] = fresh
            return fresh
        }
    }

    private struct Slot: Hashable {
        let type: KeyType
        let index: Int
    }
}
