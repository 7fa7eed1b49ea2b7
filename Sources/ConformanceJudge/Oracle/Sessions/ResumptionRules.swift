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
        let reasons = reasons(ruling: &ruling)
        var sides: Set<Side> = []
        for reason in reasons {
            for side in reason.sides where ruling.holds(reason.rule, by: side) { sides.insert(side) }
        }
        if !sides.isEmpty { return .declined(by: Side.allCases.filter(sides.contains)) }
        // A rule that a stack answers otherwise must not be made up for by the change that it is about.
        let hasReason = reasons.contains { !$0.sides.isEmpty }
        if !hasReason, connection.changes != session.connection.changes { return .either }
        let decliners = Side.allCases.filter { !ruling.holds(.resumptionResumes, by: $0) }
        return decliners.isEmpty ? .resumed : .declined(by: [])
    }

    private struct Reason {
        var rule: Rule
        /// The sides that must see to it; none when it doesn't hold.
        var sides: [Side]
    }

    private var old: ConnectionFacts { session.connection.facts }
    private var new: ConnectionFacts { connection.facts }

    private func reasons(ruling: inout Ruling) -> [Reason] {
        var scratch = ruling.scratch
        defer { ruling.absorb(scratch) }
        let hasOtherName = sentName(old, &scratch) != sentName(new, &scratch)
        let client = old.credential(old.client.identity)
        let clientDefects =
            session.expectation.server.verified == true ? defects(of: client, by: new.clientValidation, &scratch) : []
        let serverDefects =
            session.expectation.client.verified == true
            ? defects(of: servedThen(&scratch), by: new.serverValidation, &scratch) : []
        let servedThen = servedThen(&scratch).flatMap { old.graph.certificate($0.certificate) }
        let lacksName = servedThen.map(lacksNewName) ?? true
        return [
            Reason(
                rule: .resumptionOff,
                sides: sides(server: isOff(\.server.sessions), client: isOff(\.client.sessions))
            ),
            Reason(
                rule: .resumptionLifetime,
                sides: sides(
                    server: isOver(\.server.sessions, at: .server),
                    client: isOver(\.client.sessions, at: .client)
                )
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
            Reason(
                rule: .resumptionServerIdentity,
                sides: sides(server: served(old, &scratch) != served(new, &scratch))
            ),
            Reason(rule: .resumptionClientIdentity, sides: sides(client: old.client.identity != new.client.identity)),
            Reason(rule: .resumptionRootCAs, sides: sides(client: hasOtherRootCAs)),
            // RFC 8446 section 4.6.1: a client MUST keep to the names of the certificate, and SHOULD to the one it sent.
            Reason(rule: .resumptionServerName, sides: sides(client: expectsOtherName && lacksName)),
            Reason(
                rule: .resumptionOfferedName,
                sides: sides(client: hasOtherName || expectsOtherName && !lacksName)
            ),
            Reason(rule: .resumptionSNI, sides: sides(server: hasOtherName)),
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

    private func isOver(_ settings: (ConnectionFacts) -> SessionSettings?, at side: Side) -> Bool {
        settings(old).map { new.elapsed(at: side) - old.elapsed(at: side) >= $0.lifetimeSeconds } ?? false
    }

    /// A pool that nothing is verified against grants nothing either.
    private var hasOtherClientCAs: Bool {
        (old.server.clientAuth.verifiesCertificate || new.server.clientAuth.verifiesCertificate)
            && Set(old.server.clientCAs ?? []) != Set(new.server.clientCAs ?? [])
    }

    private var hasOtherRootCAs: Bool {
        Set(old.client.rootCAs ?? []) != Set(new.client.rootCAs ?? [])
    }

    /// The identity that the name of the session is served.
    private func served(_ facts: ConnectionFacts, _ ruling: inout Ruling) -> NameIndication.Choice {
        let name = sentName(old, &ruling)
        return facts.choice(for: name, ruling: &ruling)
    }

    /// A client that verifies no name has none that a session could belong to.
    private var expectsOtherName: Bool {
        !new.client.insecureSkipVerify
            && old.client.serverName.map(ReferenceName.init) != new.client.serverName.map(ReferenceName.init)
    }

    /// The credential that the client of the session has verified.
    private func servedThen(_ ruling: inout Ruling) -> CredentialSpecification? {
        old.credential(served(old, &ruling).identity)
    }

    /// Whether the certificate of the session is not valid for the name that the client expects now.
    private func lacksNewName(_ certificate: CertificateSpecification) -> Bool {
        // The names alone are in question, whatever a stack makes of them.
        var plain = Ruling()
        guard let name = NameIndication(server: new.server, client: new.client).expected(ruling: &plain) else {
            return true
        }
        return ServerNameRules(name: name).defect(of: certificate, ruling: &plain) != nil
    }

    /// The judgement of a side that verified a certificate, if it judged again today.
    private func defects(
        of credential: CredentialSpecification?,
        by validation: PathValidation,
        _ ruling: inout Ruling
    ) -> Set<Defect.Reason> {
        guard let credential else { return [] }
        let finding = validation.judge(leaf: credential.certificate, sent: credential.chain, ruling: &ruling)
        return Set(finding.defects.map(\.reason))
    }

    private func sentName(_ facts: ConnectionFacts, _ ruling: inout Ruling) -> String? {
        NameIndication(server: facts.server, client: facts.client).sent(ruling: &ruling)?.lowercased()
    }
}
