import Foundation

/// A schema of `docs/schemas`, with the keywords of JSON Schema that those schemas use.
///
/// A keyword that isn't known here ends the check with an error, so that none is passed over.
struct JSONSchema {
    private let root: [String: Any]

    init(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/schemas/\(name).schema.json").standardizedFileURL
        root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    }

    /// The parts of a JSON text that are otherwise than the schema says, each with its place; empty for a text that agrees.
    func violations(in text: String) throws -> [String] {
        check(try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed), root, "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        var found: [String] = []
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$defs", "title", "description", "default": break
            // Those of an object, looked at below.
            case "properties", "required", "additionalProperties": break
            case "$ref": found += reference(rule).map { check(value, $0, place) } ?? ["\(place): no \(rule)"]
            case "type": found += isOf(types: rule, value) ? [] : ["\(place): not of type \(rule)"]
            case "const", "enum":
                let permitted = (rule as? [Any] ?? [rule]).map { "\($0)" }
                found += permitted.contains("\(value)") ? [] : ["\(place): \(value) is none of \(permitted)"]
            case "minimum", "maximum":
                guard let number = value as? NSNumber, let limit = rule as? NSNumber else { break }
                let isWithin =
                    keyword == "minimum"
                    ? number.doubleValue >= limit.doubleValue : number.doubleValue <= limit.doubleValue
                found += isWithin ? [] : ["\(place): \(number) is past \(limit)"]
            case "minItems":
                found += (value as? [Any])?.count ?? 0 >= rule as? Int ?? 0 ? [] : ["\(place): too few items"]
            case "items":
                guard let items = value as? [Any], let schema = rule as? [String: Any] else { break }
                found += items.enumerated().flatMap { check($1, schema, "\(place)[\($0)]") }
            default: found.append("\(place): the schema's keyword \(keyword) is unknown here")
            }
        }
        return found + members(value, schema, place)
    }

    private func members(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let object = value as? [String: Any] else { return [] }
        let known = schema["properties"] as? [String: [String: Any]] ?? [:]
        var found = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
            "\(place): no member \($0)"
        }
        for (name, member) in object {
            if let rule = known[name] {
                found += check(member, rule, "\(place).\(name)")
            } else if let rule = schema["additionalProperties"] as? [String: Any] {
                found += check(member, rule, "\(place).\(name)")
            } else if schema["additionalProperties"] as? Bool == false {
                found.append("\(place): the member \(name) is unknown")
            }
        }
        return found
    }

    private func reference(_ rule: Any) -> [String: Any]? {
        guard let name = (rule as? String)?.split(separator: "/").last else { return nil }
        return (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
    }

    private func isOf(types: Any, _ value: Any) -> Bool {
        (types as? [String] ?? [types as? String ?? ""]).contains { type in
            switch type {
            case "object": value is [String: Any]
            case "array": value is [Any]
            case "string": value is String
            case "null": value is NSNull
            case "boolean": (value as? NSNumber).map(Self.isBoolean) ?? false
            case "number": (value as? NSNumber).map { !Self.isBoolean($0) } ?? false
            case "integer":
                (value as? NSNumber).map { !Self.isBoolean($0) && $0.doubleValue.rounded() == $0.doubleValue } ?? false
            default: false
            }
        }
    }

    /// JSON's true and false come as numbers too, of the type of a character.
    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
