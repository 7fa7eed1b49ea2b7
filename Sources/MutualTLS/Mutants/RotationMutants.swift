internal import OpenSSL

extension LibraryMutant {
    /// Whether a server takes its identity before it knows the ClientHello.
    var takesIdentityEarly: Bool { self == .takeSnapshotAtStart || self == .mixGenerations }
}

extension Identity {
    /// The identity that is really presented, which only a mutant makes another one than that of the snapshot.
    func altered(by mutant: LibraryMutant?, _ early: Identity?) throws(MutualTLSError) -> Identity {
        guard let early, let leaf = early.chain.first else { return self }
        return switch mutant {
        case .takeSnapshotAtStart: early
        case .mixGenerations:
            try Identity(unchecked: [leaf] + chain.dropFirst(), leaf: leaf, key: early.credential.key)
        default: self
        }
    }
}

extension PoolPolicy {
    /// When pools are really taken, which only a mutant makes another moment.
    func altered(by mutant: LibraryMutant?) -> PoolPolicy {
        switch mutant {
        case .livePoolsAlthoughFixed: .live
        case .fixedPoolsAlthoughLive: .fixedAtStart
        default: self
        }
    }
}
