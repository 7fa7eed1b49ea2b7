/// A value of a NATS configuration, with the line that it starts on.
struct NATSConfigurationValue: Sendable, Hashable {
    indirect enum Content: Sendable, Hashable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case array([NATSConfigurationValue])
        case map([NATSConfigurationEntry])
    }

    let content: Content
    let line: Int

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .string(let text): "the string \"\(text)\""
        case .integer(let number): "the number \(number)"
        case .float(let number): "the number \(number)"
        case .boolean(let value): "\(value)"
        case .array: "an array"
        case .map: "a block"
        }
    }
}

/// A key with its value.
struct NATSConfigurationEntry: Sendable, Hashable {
    let key: String
    let value: NATSConfigurationValue
    let line: Int
}
