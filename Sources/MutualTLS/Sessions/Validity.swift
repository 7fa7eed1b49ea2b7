/// How long what a verification has found goes on to be true.
enum Validity {
    /// The first moment at which a full handshake might be refused that is accepted now: a certificate of the chain
    /// expires, or one of its issuers' revocation lists falls due or comes into force.
    ///
    /// Lists that are rotated in meanwhile are another scope.
    static func end(of chain: [Certificate], _ revocation: RevocationSnapshot, at now: Timestamp) -> Timestamp {
        let looked: [Certificate] =
            switch revocation.scope {
            case .off: []
            case .leaf: Array(chain.prefix(1))
            case .chain: chain
            }
        let issuers = Set(looked.map(\.issuer))
        let changes = revocation.set.lists.filter { issuers.contains($0.issuer) }.flatMap { list in
            [list.thisUpdate, list.nextUpdate].compactMap { $0 }.filter { $0 > now }
        }
        return (chain.map(\.notAfter) + changes).min() ?? Timestamp(secondsSinceEpoch: .max)
    }
}
