package import ConformanceModel

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

    /// The outcome that the rules permit, whatever stacks play the case.
    package func expectation(for case: ConformanceCase) -> CaseExpectation {
        answer(for: `case`, conducts: Conducts()).expectation
    }

    /// The outcome that these stacks owe by their profiles, and how it came about.
    package func answer(for case: ConformanceCase, conducts: Conducts) -> OracleAnswer {
        var ruling = Ruling(conducts: conducts, mutation: mutation)
        let timeline = Timeline(of: `case`, ruling: &ruling)
        var sessions = SessionOracle()
        let connections = timeline.connections.map { sessions.expectation(for: $0, ruling: &ruling) }
        return OracleAnswer(
            expectation: CaseExpectation(
                connections: connections,
                refusedRotations: timeline.refusedRotations,
                rules: ruling.hits.map(\.rawValue)
            ),
            asked: ruling.asked,
            used: ruling.used
        )
    }

    /// The permitted outcomes of many cases, in their order.
    package func expectations(for cases: [ConformanceCase]) -> [CaseExpectation] {
        cases.concurrentMap(expectation(for:))
    }

    /// The permitted outcome of the positive control of a case, or nil when it has none.
    package func controlExpectation(for case: ConformanceCase) -> ConnectionExpectation? {
        guard let control = `case`.control else { return nil }
        var facts = ConnectionFacts(of: `case`)
        facts.server = control.server
        facts.client = control.client
        var ruling = Ruling(mutation: mutation)
        return HandshakeOracle(facts: facts).expectation(ruling: &ruling)
    }
}

/// The oracle's answer for a case, and the facts that it went by.
package struct OracleAnswer: Sendable {
    package var expectation: CaseExpectation
    /// Every rule that was asked, with the side that it was asked at.
    package var asked: Set<SidedRule>
    /// The entries of the profiles that took part.
    package var used: Set<ProfileUse>
}

/// One thing that is wrong with what a side presents.
struct Defect: Hashable, Sendable {
    typealias Reason = DefectReason

    /// The rule that found it.
    var rule: Rule
    var reason: Reason
    /// The alert of this defect, where it is another than that of its class.
    var alert: AlertDescription?
    /// Whether a mutated oracle asks for an alert that no stack sends for it.
    var hasWrongAlert = false

    func defaultAlerts(in version: ProtocolVersion) -> Set<AlertDescription> {
        alert.map { [$0] } ?? reason.alerts(in: version)
    }
}

extension DefectReason {
    /// The alerts that RFC 8446 section 6.2 gives the defect, in Go's choice where the RFC leaves one.
    ///
    /// A missing certificate is the one defect whose alert depends on the version: certificate_required is new
    /// in TLS 1.3, and RFC 5246 section 7.4.6 asks for handshake_failure.
    func alerts(in version: ProtocolVersion) -> Set<AlertDescription> {
        switch self {
        case .unknownAuthority: [.unknownCA]
        case .expired, .notYetValid: [.certificateExpired]
        case .pathLength, .nameConstraint, .unknownCriticalExtension, .wrongPurpose, .nameMismatch, .keyUsage,
            .weakKey:
            [.badCertificate]
        case .revoked: [.certificateRevoked]
        // RFC 8446 names no alert for an unknown status; certificate_unknown is "some other issue".
        case .revocationUnknown: [.certificateUnknown]
        case .badSignature: [.decryptError]
        case .noCertificate: version == .tls13 ? [.certificateRequired] : [.handshakeFailure]
        case .unrecognizedName: [.unrecognizedName]
        case .protocol: [.handshakeFailure]
        }
    }
}
