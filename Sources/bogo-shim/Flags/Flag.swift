/// One flag that the shim knows: whether a parameter follows, and what it changes.
///
/// A parameter that isn't of the flag's form throws ``FlagError``.
struct Flag: Sendable {
    typealias Change = @Sendable (inout ShimFlags, _ name: String, _ parameter: String) throws(FlagError) -> Void

    let takesParameter: Bool
    let change: Change

    /// A flag that stands for itself.
    static func word(_ path: any WritableKeyPath<ShimFlags, Bool> & Sendable) -> Flag {
        Flag(takesParameter: false) { flags, _, _ throws(FlagError) in flags[keyPath: path] = true }
    }

    /// A flag that asks for what the library does anyway.
    static let always = Flag(takesParameter: false) { _, _, _ throws(FlagError) in }

    /// A flag with a text.
    static func text(_ path: any WritableKeyPath<ShimFlags, String?> & Sendable) -> Flag {
        Flag(takesParameter: true) { flags, _, text throws(FlagError) in flags[keyPath: path] = text }
    }

    /// A flag with a whole number in decimal digits, from the range.
    static func number<Number: FixedWidthInteger & Sendable>(
        in range: ClosedRange<Number>,
        _ change: @escaping @Sendable (inout ShimFlags, Number) -> Void
    ) -> Flag {
        Flag(takesParameter: true) { flags, name, text throws(FlagError) in
            change(&flags, try number(text, in: range, of: name))
        }
    }

    static func number<Number: FixedWidthInteger>(
        _ text: String,
        in range: ClosedRange<Number>,
        of name: String
    ) throws(FlagError) -> Number {
        guard let number = Number(text), range.contains(number), !text.hasPrefix("+") else {
            throw .malformed(
                flag: name,
                reason: "expected a number from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
            )
        }
        return number
    }
}
