/// Which of two cases stands for a failure mode: the lesser by a hash of their ids.
///
/// Neighbours in the alphabet are alike, and what one doesn't notice the next doesn't either. The order doesn't depend on
/// which other cases there are, so shards name the case that one run names.
package struct NamingOrder: Comparable {
    private let hash: UInt64
    private let id: String

    package init(_ id: String) {
        hash = StableHash(id).value
        self.id = id
    }

    package static func < (left: NamingOrder, right: NamingOrder) -> Bool {
        (left.hash, left.id) < (right.hash, right.id)
    }
}
