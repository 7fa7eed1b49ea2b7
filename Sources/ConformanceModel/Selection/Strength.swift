/// How many axes of a scenario are covered in every combination.
package enum Strength: Hashable, Sendable, CustomStringConvertible {
    /// Every combination of the values of any so many axes.
    case ways(Int)
    /// Every case.
    case all

    /// Reads `1`, `2`, `3` or `all`.
    package init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "1", "2", "3": self = .ways(text == "1" ? 1 : text == "2" ? 2 : 3)
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .ways(let count): "\(count)"
        case .all: "all"
        }
    }
}
