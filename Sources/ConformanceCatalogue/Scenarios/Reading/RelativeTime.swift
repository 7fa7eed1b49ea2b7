internal import ConformanceModel

/// A time relative to the case's now, as scenarios write it: `-48h`, `90m`, `3650d`, `0s`.
enum RelativeTime {
    static let form = "a number with s, m, h or d, for example -48h"

    /// Seconds, or nil when the text has another form or is out of range.
    static func seconds(_ text: String) -> Int64? {
        guard let unit = text.last, let factor = factors[unit] else { return nil }
        let digits = text.dropLast()
        guard let number = Int64(digits), !digits.hasPrefix("+") else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        // A century either way is more than a certificate's two-digit years can hold.
        guard !overflows, abs(product) <= 36525 * 86400 else { return nil }
        return product
    }

    private static let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
}
