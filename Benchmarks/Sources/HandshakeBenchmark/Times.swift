/// The times of handshakes of each kind, round by round, in microseconds.
struct Times {
    private var rounds: [Kind: [Double]] = [:]

    mutating func append(_ time: Double, to kind: Kind) {
        rounds[kind, default: []].append(time)
    }

    /// Nil for a kind that wasn't measured.
    func median(of kind: Kind) -> Double? {
        rounds[kind].flatMap(Self.middle)
    }

    /// The median of the rounds' own ratios: what slows a whole round leaves it as it is.
    func ratio(of kind: Kind, to other: Kind) -> Double? {
        guard let times = rounds[kind], let others = rounds[other] else { return nil }
        return Self.middle(zip(times, others).map { $0 / $1 })
    }

    private static func middle(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
