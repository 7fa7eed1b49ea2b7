/// One dimension of a scenario: a name, and the values that cases have on it.
struct Axis {
    /// The names with a meaning of their own; any other axis is a list of named changes.
    enum Known: String, CaseIterable {
        case clientAuth
        case credential
        case tls
        case insecureSkipVerify
        case presents
        case phase
        case pairing
    }

    var name: String
    var line: Int
    var values: [AxisChoice]

    func index(of value: String) -> Int? {
        values.firstIndex { $0.value == value }
    }
}

/// One value of an axis.
struct AxisChoice {
    /// As the file writes it.
    var value: String
    /// As it stands in case ids.
    var idComponent: String
    var change: CaseChange
    var pairing: Pairing?
}
