/// A rule and the side that it is asked at.
package struct SidedRule: Hashable, Sendable {
    package var rule: Rule
    package var side: Side

    package init(_ rule: Rule, _ side: Side) {
        self.rule = rule
        self.side = side
    }
}

/// An entry of a side's profile that took part in an outcome: a rule's id, `alert/DEFECT`, `reason/DEFECT`,
/// `refuses-with` or `plaintext-alerts`.
package struct ProfileUse: Hashable, Comparable, Sendable {
    package var side: Side
    package var key: String

    package init(side: Side, key: String) {
        self.side = side
        self.key = key
    }

    package static func < (lhs: ProfileUse, rhs: ProfileUse) -> Bool {
        (lhs.side.rawValue, lhs.key) < (rhs.side.rawValue, rhs.key)
    }
}

extension SidedRule: Comparable {
    /// In the order in which rules are declared.
    package static func < (lhs: SidedRule, rhs: SidedRule) -> Bool {
        (lhs.rule.order, lhs.side.rawValue) < (rhs.rule.order, rhs.side.rawValue)
    }
}

extension Rule {
    private static let orders = Dictionary(
        uniqueKeysWithValues: Rule.allCases.enumerated().map { ($0.element, $0.offset) }
    )

    /// The place among all rules.
    package var order: Int { Self.orders[self] ?? 0 }
}
