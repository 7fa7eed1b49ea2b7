internal import ConformanceModel

/// One dimension of a scenario: a name, and the values that cases have on it.
struct Axis {
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
