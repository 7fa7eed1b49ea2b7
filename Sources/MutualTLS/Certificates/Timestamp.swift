internal import Glibc

/// A point in time, in whole seconds since 1970-01-01 00:00:00 UTC.
///
/// Times come in as values or through a closure, by default ``SystemClock/now``.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// Seconds since 1970-01-01 00:00:00 UTC, without leap seconds.
    public var secondsSinceEpoch: Int64

    /// Makes a time from seconds since 1970-01-01 00:00:00 UTC.
    public init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// Whether the left one is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }
}

extension Timestamp: CustomStringConvertible {
    /// The time in the form of RFC 3339, for example `2026-01-31T12:00:00Z`.
    public var description: String {
        let secondsPerDay: Int64 = 86_400
        let day = secondsSinceEpoch.flooredQuotient(by: secondsPerDay)
        let second = secondsSinceEpoch - day * secondsPerDay
        let date = Timestamp.civilDate(daysSinceEpoch: day)
        let fields = [date.month, date.day, second / 3600, second / 60 % 60, second % 60].map(Timestamp.twoDigits)
        return "\(Timestamp.fourDigits(date.year))-\(fields[0])-\(fields[1])T\(fields[2]):\(fields[3]):\(fields[4])Z"
    }

    /// The proleptic Gregorian date, counted in eras of 400 years that begin on 1 March.
    private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func fourDigits(_ year: Int64) -> String {
        guard (0...999).contains(year) else { return "\(year)" }
        return String(repeating: "0", count: 4 - "\(year)".count) + "\(year)"
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity; the divisor is positive.
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// The clock of the system.
public enum SystemClock {
    /// The time now: the clock of settings that have no other one.
    ///
    /// Each handshake asks it, so a clock that is set wrongly takes valid certificates for expired ones, and expired ones
    /// for valid.
    public static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(secondsSinceEpoch: Int64(time.tv_sec))
    }
}
