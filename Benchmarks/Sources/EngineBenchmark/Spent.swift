import Foundation

/// The time that something took: on the wall's clock, and of processors, its child processes included.
struct Spent {
    var wall: Double
    var processor: Double

    static func by(_ work: () throws -> Void) rethrows -> Spent {
        let processor = processorSeconds
        let start = ContinuousClock.now
        try work()
        let wall = (ContinuousClock.now - start) / .seconds(1)
        return Spent(wall: wall, processor: processorSeconds - processor)
    }

    static func - (lhs: Spent, rhs: Spent) -> Spent {
        Spent(wall: lhs.wall - rhs.wall, processor: lhs.processor - rhs.processor)
    }

    private static var processorSeconds: Double {
        [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0) { sum, who in
            var usage = rusage()
            getrusage(__rusage_who_t(who.rawValue), &usage)
            return sum
                + [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        }
    }
}

/// The middle of several measurements.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Cases a second of the wall's clock.
func rate(_ count: Int, _ times: [Spent]) -> String {
    "\(Int((Double(count) / median(times.map(\.wall))).rounded()))"
}

func rounded(_ value: Double) -> String {
    value.formatted(.number.precision(.fractionLength(2)))
}

func verdict(_ isMet: Bool) -> String {
    isMet ? "Met" : "Missed"
}
