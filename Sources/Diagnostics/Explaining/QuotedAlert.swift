internal import ConformanceCatalogue
package import ConformanceModel

/// The TLS alert that a text of a log names, by its number or by its name.
package struct QuotedAlert: Hashable, Sendable {
    package var alert: AlertDescription

    package init?(in text: String) {
        let form = SymptomPattern.normalized(text)
        if let number = Self.number(in: form) {
            alert = AlertDescription(rawValue: number)
            return
        }
        // The longest name, since one is part of another: certificate_unknown, unknown certificate.
        let named = AlertDescription.names
            .map { (number: $0.key, words: $0.value.split(separator: "_").joined(separator: " ")) }
            .filter { $0.number != 0 && form.contains("alert") && form.contains($0.words) }
            .max { $0.words.count < $1.words.count }
        guard let named else { return nil }
        alert = AlertDescription(rawValue: named.number)
    }

    /// The number behind “alert number 42”, “alert [42]”, “alert(42)” or “alert 42”.
    private static func number(in form: String) -> UInt8? {
        for found in form.ranges(of: "alert") {
            var rest = form[found.upperBound...]
            for filler in [" ", "number", " ", "[", "("] where rest.hasPrefix(filler) {
                rest = rest.dropFirst(filler.count)
            }
            if let number = UInt8(rest.prefix { $0.isASCII && $0.isNumber }) { return number }
        }
        return nil
    }
}
