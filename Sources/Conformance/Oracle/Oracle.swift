/// The pure function from a case's facts to what is permitted, and the rules that gave it.
///
/// It reasons about recipes and settings alone; it never sees a certificate, a key or a byte of a handshake, and it
/// shares no code with what it judges.
package struct Oracle: Sendable {
    private let mutation: OracleMutation?

    package init() {
        mutation = nil
    }

    /// An oracle that is wrong on purpose, to prove that a run notices.
    package init(mutation: OracleMutation) {
        self.mutation = mutation
    }

    /// All rules as reports show them, in the order of their declaration.
    package static var ruleDescriptions: [RuleDescription] {
        Rule.allCases.map(\.description)
    }

    package func expectation(for case: ConformanceCase) -> CaseExpectation {
        var ruling = Ruling(mutation: mutation)
        let timeline = Timeline(of: `case`, ruling: &ruling)
        let connections = timeline.connections.map { connection in
            var facts = ConnectionFacts(of: `case`)
            facts.server.identity = connection.server
            facts.client.identity = connection.client
            return HandshakeOracle(facts: facts).expectation(ruling: &ruling)
        }
        return CaseExpectation(
            connections: connections,
            refusedRotations: timeline.refusedRotations,
            rules: ruling.hits.map(\.rawValue)
        )
    }

    /// What is permitted for the positive control of a case, or nil when it has none.
    package func controlExpectation(for case: ConformanceCase) -> ConnectionExpectation? {
        guard let control = `case`.control else { return nil }
        var facts = ConnectionFacts(of: `case`)
        facts.server = control.server
        facts.client = control.client
        var ruling = Ruling(mutation: mutation)
        return HandshakeOracle(facts: facts).expectation(ruling: &ruling)
    }
}

/// Everything that decides about one connection.
struct ConnectionFacts {
    var pairing: Pairing
    var version: ProtocolVersion
    var pki: PKISpecification
    var server: ServerSettings
    var client: ClientSettings

    init(of case: ConformanceCase) {
        pairing = `case`.pairing
        version = `case`.version
        pki = `case`.pki
        server = `case`.server
        client = `case`.client
    }

    var graph: CertificateGraph { CertificateGraph(certificates: pki.certificates) }

    func credential(_ name: String?) -> CredentialSpecification? {
        name.flatMap { pki.credentials[$0] }
    }

    func revocationLists(_ names: [String]) -> [RevocationListSpecification] {
        names.compactMap { pki.revocationLists[$0] }
    }
}
