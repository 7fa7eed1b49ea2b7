internal import ConformanceModel

extension SideObservation {
    /// Replaces what only the wire knows: whether the connection counts as accepted, and where a failure was noticed.
    ///
    /// - Parameter exchangedWhole: whether application data arrived whole; nil when none was to be exchanged.
    mutating func settle(fate: SideFate, exchangedWhole: Bool?) {
        reachedHandshake = fate.receivedBytes > 0
        if !fate.completedHandshake {
            // Only a finished handshake proves that the peer holds the key of the certificate that was found good.
            verified = false
            verifiedChainLength = 0
        }
        accepted = fate.completedHandshake && !fate.failed && exchangedWhole != false
        if accepted {
            noticed = nil
            reason = nil
            detail = nil
        } else {
            noticed = fate.noticed
            if !fate.failed {
                reason = ReasonClass.other.rawValue
                detail = "the handshake succeeded, and application data did not go both ways"
            }
        }
    }
}
