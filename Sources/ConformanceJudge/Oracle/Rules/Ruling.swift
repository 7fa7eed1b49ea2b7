package import ConformanceModel

/// One change to the oracle, to prove that a wrong oracle turns a run red.
package enum OracleMutation: Hashable, Sendable {
    /// The rule never holds.
    case ignoring(Rule)
    /// The rule's defect asks for an alert that no stack sends for it.
    case wrongAlert(Rule)
}

/// The rules that spoke while one case was decided, and how the stack of each side answers them.
struct Ruling {
    private(set) var hits: [Rule] = []
    /// Every question that was asked, also those behind a session whose outcome nobody sees.
    private(set) var asked: Set<SidedRule> = []
    /// The entries of both sides' profiles that took part in the outcome.
    private(set) var used: Set<ProfileUse> = []
    private let conducts: Conducts
    private let mutation: OracleMutation?
    private let isScratch: Bool

    init(conducts: Conducts = Conducts(), mutation: OracleMutation? = nil) {
        self.init(conducts: conducts, mutation: mutation, isScratch: false)
    }

    private init(conducts: Conducts, mutation: OracleMutation?, isScratch: Bool) {
        self.conducts = conducts
        self.mutation = mutation
        self.isScratch = isScratch
    }

    /// A ruling on what would be, with the same stacks, which no reader of the outcome hears of.
    var scratch: Ruling { Ruling(conducts: conducts, mutation: nil, isScratch: true) }

    /// Takes over what was asked while somebody thought about what would be.
    mutating func absorb(_ scratch: Ruling) {
        asked.formUnion(scratch.asked)
        used.formUnion(scratch.used)
    }

    /// Takes over the questions alone, where the thought made no difference.
    mutating func absorbQuestions(of scratch: Ruling) {
        asked.formUnion(scratch.asked)
    }

    /// The class of a refusal as a profile states it for this one rule.
    func statedReason(of rule: Rule, by side: Side) -> String? {
        conducts[side].otherwise[rule]?.reason?.rawValue
    }

    /// Whether a rule decides at a side: it is hit if its condition holds, and holds unless the side's stack answers it
    /// otherwise.
    mutating func holds(_ rule: Rule, by side: Side, _ condition: Bool = true) -> Bool {
        guard condition else { return false }
        if !isScratch, !hits.contains(rule) { hits.append(rule) }
        asked.insert(SidedRule(rule, side))
        if mutation == .ignoring(rule) { return false }
        guard conducts[side].otherwise[rule] != nil else { return true }
        used.insert(ProfileUse(side: side, key: rule.rawValue))
        return false
    }

    /// The defect of a rule that refuses, if its condition holds; nil otherwise.
    mutating func defect(_ rule: Rule, _ reason: Defect.Reason, by side: Side, if condition: Bool = true) -> Defect? {
        guard holds(rule, by: side, condition) else { return nil }
        return Defect(rule: rule, reason: reason, hasWrongAlert: mutation == .wrongAlert(rule))
    }

    /// The defect that a side finds where a rule permits and its stack does not; nil where it permits too.
    mutating func objection(
        _ rule: Rule,
        _ reason: Defect.Reason,
        by side: Side,
        if condition: Bool = true,
        alert: AlertDescription? = nil
    ) -> Defect? {
        guard condition, !holds(rule, by: side) else { return nil }
        let override = conducts[side].otherwise[rule]
        return Defect(rule: rule, reason: override?.reason ?? reason, alert: alert)
    }

    /// The alerts that a side's stack may send for a defect; nil for any.
    mutating func alerts(for defect: Defect, by side: Side, in version: ProtocolVersion) -> PermittedAlerts {
        if defect.hasWrongAlert { return PermittedAlerts(alerts: [.unexpectedMessage], isStated: false) }
        let conduct = conducts[side]
        if let stated = conduct.otherwise[defect.rule]?.alert {
            return PermittedAlerts(alerts: stated.alerts, isStated: true)
        }
        if let stated = conduct.alertsByRule[defect.rule] {
            used.insert(ProfileUse(side: side, key: "alert/\(defect.rule.rawValue)"))
            return PermittedAlerts(alerts: stated.alerts, isStated: true)
        }
        if let stated = conduct.alerts[defect.reason] {
            used.insert(ProfileUse(side: side, key: "alert/\(defect.reason.rawValue)"))
            return PermittedAlerts(alerts: stated.alerts, isStated: true)
        }
        return PermittedAlerts(alerts: defect.defaultAlerts(in: version), isStated: false)
    }

    /// A defect's class in the words of a side's stack.
    mutating func reading(of reason: Defect.Reason, by side: Side) -> String {
        guard let read = conducts[side].readings[reason] else { return reason.rawValue }
        used.insert(ProfileUse(side: side, key: "reason/\(reason.rawValue)"))
        return read
    }

    /// Whether a side's stack refuses for this defect only when its handshake has been accepted.
    mutating func refusesLate(_ defect: Defect, by side: Side) -> Bool {
        guard conducts[side].refusesLate.contains(defect.reason) else { return false }
        used.insert(ProfileUse(side: side, key: "refuses-with"))
        return true
    }

    /// Whether an alert that a refusing client sends in TLS 1.3 is lost on its server.
    mutating func losesAlertOfRefusingClient() -> Bool {
        guard conducts.client.sendsPlaintextAlerts, !conducts.server.readsPlaintextAlerts else { return false }
        used.insert(ProfileUse(side: .client, key: "plaintext-alerts"))
        return true
    }
}

/// The alerts that are right for a defect, and whether a profile says so.
struct PermittedAlerts {
    /// nil for any.
    var alerts: Set<AlertDescription>?
    var isStated: Bool
}
