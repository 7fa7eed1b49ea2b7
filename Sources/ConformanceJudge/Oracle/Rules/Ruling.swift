package import ConformanceModel

/// One change to the oracle, to prove that a wrong oracle turns a run red.
package enum OracleMutation: Hashable, Sendable {
    /// The rule never holds.
    case ignoring(Rule)
    /// The rule's defect asks for an alert that no stack sends for it.
    case wrongAlert(Rule)
}

/// The rules that spoke while one case was decided.
struct Ruling {
    private(set) var hits: [Rule] = []
    private let mutation: OracleMutation?

    init(mutation: OracleMutation?) {
        self.mutation = mutation
    }

    /// Whether a rule decides: it is hit if its condition holds.
    mutating func holds(_ rule: Rule, _ condition: Bool = true) -> Bool {
        guard condition else { return false }
        if !hits.contains(rule) { hits.append(rule) }
        return mutation != .ignoring(rule)
    }

    /// The defect of a rule whose condition holds; nil otherwise.
    mutating func defect(_ rule: Rule, _ reason: Defect.Reason, if condition: Bool = true) -> Defect? {
        guard holds(rule, condition) else { return nil }
        return Defect(reason: reason, hasWrongAlert: mutation == .wrongAlert(rule))
    }
}
