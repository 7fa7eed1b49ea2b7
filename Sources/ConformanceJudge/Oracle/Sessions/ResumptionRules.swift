internal import ConformanceModel

/// Whether a session may be resumed: never beyond the trust that it was granted under.
///
/// Each reason to decline is looked at, also behind another one, since every side that has one must decline by itself.
struct ResumptionRules {
    let session: Session
    let connection: PlannedConnection

    enum Decision: Hashable {
        case resumed
        /// Each of these sides has a reason of its own to decline.
        case declined(by: [Side])
        /// Nothing that the session rests on has changed for the worse, and yet something has: both ways are right.
        case either
    }

    func decision(ruling: inout Ruling) -> Decision {
        var sides: Set<Side> = []
        for reason in reasons where !reason.sides.isEmpty {
            if ruling.holds(reason.rule) { sides.formUnion(reason.sides) }
        }
        if !sides.isEmpty { return .declined(by: Side.allCases.filter(sides.contains)) }
        // A rule that a mutated oracle leaves out must not be made up for by the change that it is about.
        let hasReason = reasons.contains { !$0.sides.isEmpty }
        if !hasReason, connection.changes != session.connection.changes { return .either }
        return ruling.holds(.resumptionResumes) ? .resumed : .declined(by: [])
    }

    private struct Reason {
        var rule: Rule
        /// The sides that must see to it; none when it doesn't hold.
        var sides: [Side]
    }

    private var old: ConnectionFacts { session.connection.facts }
    private var new: ConnectionFacts { connection.facts }

    private var reasons: [Reason] {
        let client = old.credential(old.client.identity)
        let clientDefects =
            session.expectation.server.verified == true ? defects(of: client, by: new.clientValidation) : []
        let serverDefects =
            session.expectation.client.verified == true ? defects(of: servedThen, by: new.serverValidation) : []
        return [
            Reason(
                rule: .resumptionOff,
                sides: sides(server: isOff(\.server.sessions), client: isOff(\.client.sessions))
            ),
            Reason(
                rule: .resumptionLifetime,
                sides: sides(server: isOver(\.server.sessions), client: isOver(\.client.sessions))
            ),
            Reason(
                rule: .resumptionRestart,
                sides: sides(
                    server: connection.ticketKeys != session.connection.ticketKeys,
                    client: connection.clientMemory != session.connection.clientMemory
                )
            ),
            Reason(
                rule: .resumptionClientAuthPolicy,
                sides: sides(server: old.server.clientAuth != new.server.clientAuth)
            ),
            Reason(rule: .resumptionClientCAs, sides: sides(server: hasOtherClientCAs)),
            Reason(rule: .resumptionServerIdentity, sides: sides(server: servesOtherIdentity)),
            Reason(rule: .resumptionClientIdentity, sides: sides(client: old.client.identity != new.client.identity)),
            Reason(rule: .resumptionRootCAs, sides: sides(client: hasOtherRootCAs)),
            Reason(rule: .resumptionServerName, sides: sides(client: expectsOtherName)),
            Reason(rule: .resumptionSNI, sides: sides(server: sentName(old) != sentName(new))),
            Reason(
                rule: .resumptionExpired,
                sides: sides(server: clientDefects.contains(.expired), client: serverDefects.contains(.expired))
            ),
            Reason(
                rule: .resumptionRevoked,
                sides: sides(
                    server: !clientDefects.isDisjoint(with: Self.revocation),
                    client: !serverDefects.isDisjoint(with: Self.revocation)
                )
            ),
        ]
    }

    private static let revocation: Set<Defect.Reason> = [.revoked, .revocationUnknown]

    private func sides(server: Bool = false, client: Bool = false) -> [Side] {
        (server ? [.server] : []) + (client ? [.client] : [])
    }

    private func isOff(_ settings: (ConnectionFacts) -> SessionSettings?) -> Bool {
        settings(old) == nil || settings(new) == nil
    }

    private func isOver(_ settings: (ConnectionFacts) -> SessionSettings?) -> Bool {
        settings(old).map { new.elapsed - old.elapsed >= $0.lifetimeSeconds } ?? false
    }

    /// A pool that nothing is verified against grants nothing either.
    private var hasOtherClientCAs: Bool {
        (old.server.clientAuth.verifiesCertificate || new.server.clientAuth.verifiesCertificate)
            && Set(old.server.clientCAs ?? []) != Set(new.server.clientCAs ?? [])
    }

    private var hasOtherRootCAs: Bool {
        Set(old.client.rootCAs ?? []) != Set(new.client.rootCAs ?? [])
    }

    /// Whether the name of the session has another identity now.
    private var servesOtherIdentity: Bool {
        served(old) != served(new)
    }

    private func served(_ facts: ConnectionFacts) -> NameIndication.Choice {
        var scratch = Ruling(mutation: nil)
        return facts.choice(for: sentName(old), ruling: &scratch)
    }

    /// A client that verifies no name has none that a session could belong to.
    private var expectsOtherName: Bool {
        !new.client.insecureSkipVerify
            && old.client.serverName.map(ReferenceName.init) != new.client.serverName.map(ReferenceName.init)
    }

    /// The credential that the client of the session has verified.
    private var servedThen: CredentialSpecification? {
        guard case .serve(let identity) = served(old) else { return nil }
        return old.credential(identity)
    }

    /// What a side that verified a certificate would say of it today.
    private func defects(of credential: CredentialSpecification?, by validation: PathValidation) -> Set<Defect.Reason> {
        guard let credential else { return [] }
        var scratch = Ruling(mutation: nil)
        let finding = validation.judge(leaf: credential.certificate, sent: credential.chain, ruling: &scratch)
        return Set(finding.defects.map(\.reason))
    }

    private func sentName(_ facts: ConnectionFacts) -> String? {
        var scratch = Ruling(mutation: nil)
        return NameIndication(server: facts.server, client: facts.client).sent(ruling: &scratch)?.lowercased()
    }
}
