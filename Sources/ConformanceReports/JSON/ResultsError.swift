/// Why a results file could not be read.
package struct ResultsError: Error, Hashable, CustomStringConvertible {
    /// One sentence that names the file, the member, and what was expected.
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ error: DecodingError, in source: String) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init("\(source): \(Self.place(context.codingPath)) has no member \"\(key.stringValue)\"")
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            self.init("\(source): \(Self.place(context.codingPath)) is not a value of the type \(type)")
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init("\(source): not JSON, or cut off: \(Self.cause(context))")
        case .dataCorrupted(let context):
            self.init("\(source): \(Self.place(context.codingPath)): \(context.debugDescription)")
        @unknown default:
            self.init("\(source): not a results file: \(error)")
        }
    }

    /// The path to a member, for example `cases[17].verdict`.
    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the top level" }
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text
    }

    private static func cause(_ context: DecodingError.Context) -> String {
        context.underlyingError.map { "\($0)" } ?? context.debugDescription
    }
}
