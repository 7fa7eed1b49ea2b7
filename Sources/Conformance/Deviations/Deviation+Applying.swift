extension Deviation {
    /// What the oracle would permit for a case of a pairing if the stack's difference were right: every connection
    /// that the entry speaks of is changed, and what follows from it for later ones.
    package func applied(to expectation: CaseExpectation, of pairing: Pairing) -> CaseExpectation {
        var expectation = expectation
        for index in connections(in: expectation, of: pairing) {
            let original = expectation.session(before: index)
            expectation.connections[index] = instead.applied(
                to: expectation.connections[index],
                side: side,
                of: pairing,
                original: original
            )
            if instead.resumed == true, let original {
                expectation.keepSession(of: original, after: index, in: pairing)
            }
        }
        return expectation
    }

    /// The connections that the entry names; otherwise each whose outcome it expects, or the last one where it expects
    /// none. Those that it can't explain are left out.
    func connections(in expectation: CaseExpectation, of pairing: Pairing) -> [Int] {
        let all = expectation.connections.indices
        let candidates =
            switch instead.connections {
            case .number(let number): all.filter { $0 == number - 1 }
            case nil where expected == nil: Array(all.suffix(1))
            case .all, nil: Array(all)
            }
        return candidates.filter { index in
            let connection = expectation.connections[index]
            return expected?.matches(connection) ?? true && !wouldExcuseOther(connection, of: pairing)
                && (instead.resumed != true || expectation.session(before: index) != nil)
        }
    }

    /// Whether the entry would excuse what another stack does wrong.
    ///
    /// Each side that must decline a session keeps it from being resumed, so that a resumption needs all of them to
    /// deviate. And the other side's refusal stands, unless the deviating one presents something else.
    private func wouldExcuseOther(_ expectation: ConnectionExpectation, of pairing: Pairing) -> Bool {
        if instead.resumed == true, expectation.resumed == false {
            // Where nothing was offered there is nothing that a stack could resume.
            return expectation.declinedBy?.contains { pairing[$0] != stack } ?? true
        }
        guard instead.decision == .accepted, let refusing = expectation.outcome.by, refusing != side else {
            return false
        }
        return pairing[refusing] != stack && instead[side].presented == nil
    }
}

extension DeviantBehaviour {
    fileprivate subscript(side: Side) -> SideExpectation {
        side == .server ? server : client
    }
}

extension CaseExpectation {
    /// The last full handshake before a connection that gave the client a session.
    fileprivate func session(before index: Int) -> ConnectionExpectation? {
        connections[..<index].last { $0.outcome.decision == .accepted && $0.resumed == false }
    }

    /// A connection that was resumed against the rules gives no new session: those after it resume the old one, until
    /// the next full handshake.
    fileprivate mutating func keepSession(
        of original: ConnectionExpectation,
        after index: Int,
        in pairing: Pairing
    ) {
        for later in connections.indices[(index + 1)...] {
            guard connections[later].resumed == true else { return }
            connections[later] = original.resumed(sni: connections[later].client.sni, in: pairing)
        }
    }
}
