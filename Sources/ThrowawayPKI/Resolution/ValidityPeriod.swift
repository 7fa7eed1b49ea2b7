/// A period between two moments that a certificate can hold, in seconds since the epoch.
struct ValidityPeriod {
    let start: Int64
    let end: Int64

    init(of recipe: CertificateRecipe, now: Int64) throws(PKIError) {
        try self.init(recipe.name, from: ("validFrom", recipe.validFrom), to: ("validTo", recipe.validTo), now: now)
    }

    init(of list: CRLRecipe, now: Int64) throws(PKIError) {
        try self.init(list.name, from: ("thisUpdate", list.thisUpdate), to: ("nextUpdate", list.nextUpdate), now: now)
    }

    private init(
        _ entry: String,
        from: (field: String, offset: Int64),
        to: (field: String, offset: Int64),
        now: Int64
    ) throws(PKIError) {
        guard from.offset < to.offset else {
            throw PKIError(
                .badValidity,
                entry: entry,
                expected: "\(to.field) later than \(from.field)",
                found: "\(from.field) \(from.offset) s and \(to.field) \(to.offset) s from now",
                nextStep: "for something expired, move both into the past"
            )
        }
        start = try Self.moment(entry, from, now: now)
        end = try Self.moment(entry, to, now: now)
    }

    private static func moment(
        _ entry: String,
        _ point: (field: String, offset: Int64),
        now: Int64
    ) throws(PKIError) -> Int64 {
        let (moment, overflow) = now.addingReportingOverflow(point.offset)
        guard !overflow, representable.contains(moment) else {
            throw PKIError(
                .badValidity,
                entry: entry,
                expected: "\(point.field) within the years 0000 to 9999, which is what GeneralizedTime can hold",
                found: "\(point.offset) s from now",
                nextStep: "choose a moment nearer to now"
            )
        }
        return moment
    }

    /// 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    private static let representable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799
}
