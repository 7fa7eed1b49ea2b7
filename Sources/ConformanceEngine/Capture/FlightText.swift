internal import ConformanceModel

/// A recorded connection in words: each flight with its records, and the handshake messages that went in the clear.
package struct FlightText {
    package let lines: [String]

    package init(_ connection: RecordedConnection) {
        var lines: [String] = []
        var isEncrypted: [Side: Bool] = [:]
        for (index, flight) in connection.flights.enumerated() {
            let arrow = flight.sender == .client ? "client -> server" : "server -> client"
            lines.append("flight \(index + 1): \(arrow), \(flight.bytes.count) bytes")
            lines += Self.records(flight.bytes, isEncrypted: &isEncrypted[flight.sender, default: false])
        }
        self.lines = lines
    }

    private static func records(_ bytes: [UInt8], isEncrypted: inout Bool) -> [String] {
        var lines: [String] = []
        var offset = 0
        while offset + headerLength <= bytes.count {
            let length = Int(bytes[offset + 3]) << 8 + Int(bytes[offset + 4])
            let end = min(bytes.count, offset + headerLength + length)
            let body = bytes[(offset + headerLength)..<end]
            let type = bytes[offset]
            switch type {
            case 20:
                lines.append("  change_cipher_spec")
                isEncrypted = true
            case 21 where body.count == 2:
                let code = AlertDescription(rawValue: body[body.startIndex + 1])
                lines.append("  alert \(code.rawValue) \(code.name)")
            case 21: lines.append("  alert, encrypted, \(length) bytes")
            case 22 where isEncrypted: lines.append("  handshake, encrypted, \(length) bytes")
            case 22: lines += messages(Array(body)).map { "  handshake: \($0)" }
            case 23: lines.append("  application_data, encrypted, \(length) bytes")
            default: lines.append("  record of type \(type), \(length) bytes")
            }
            offset += headerLength + length
        }
        return lines
    }

    private static func messages(_ body: [UInt8]) -> [String] {
        var lines: [String] = []
        var offset = 0
        while offset + 4 <= body.count {
            let length = Int(body[offset + 1]) << 16 + Int(body[offset + 2]) << 8 + Int(body[offset + 3])
            let name = names[body[offset]] ?? "message of type \(body[offset])"
            lines.append("\(name), \(length) bytes")
            offset += 4 + length
        }
        return lines.isEmpty ? ["a part of a message, \(body.count) bytes"] : lines
    }

    /// IANA, TLS HandshakeType.
    private static let names: [UInt8: String] = [
        0: "hello_request", 1: "client_hello", 2: "server_hello", 4: "new_session_ticket", 8: "encrypted_extensions",
        11: "certificate", 12: "server_key_exchange", 13: "certificate_request", 14: "server_hello_done",
        15: "certificate_verify", 16: "client_key_exchange", 20: "finished", 24: "key_update",
    ]
    private static let headerLength = 5
}
