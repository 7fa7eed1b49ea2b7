/// A TLS alert description by its IANA name (RFC 8446 section 6; IANA registry "TLS Alerts").
package struct AlertDescription: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let unexpectedMessage = AlertDescription(rawValue: 10)
    package static let handshakeFailure = AlertDescription(rawValue: 40)
    package static let badCertificate = AlertDescription(rawValue: 42)
    package static let unsupportedCertificate = AlertDescription(rawValue: 43)
    package static let certificateRevoked = AlertDescription(rawValue: 44)
    package static let certificateExpired = AlertDescription(rawValue: 45)
    package static let certificateUnknown = AlertDescription(rawValue: 46)
    package static let illegalParameter = AlertDescription(rawValue: 47)
    package static let unknownCA = AlertDescription(rawValue: 48)
    package static let accessDenied = AlertDescription(rawValue: 49)
    package static let decodeError = AlertDescription(rawValue: 50)
    package static let decryptError = AlertDescription(rawValue: 51)
    package static let protocolVersion = AlertDescription(rawValue: 70)
    package static let insufficientSecurity = AlertDescription(rawValue: 71)
    package static let internalError = AlertDescription(rawValue: 80)
    package static let unrecognizedName = AlertDescription(rawValue: 112)
    package static let certificateRequired = AlertDescription(rawValue: 116)

    package static let names: [UInt8: String] = [
        0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
        40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked",
        45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
        49: "access_denied", 50: "decode_error", 51: "decrypt_error", 70: "protocol_version",
        71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled",
        109: "missing_extension", 110: "unsupported_extension", 112: "unrecognized_name",
        113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required",
        120: "no_application_protocol",
    ]

    /// The IANA name, or `alert_N` for a number that the registry of this version does not know.
    package var name: String { Self.names[rawValue] ?? "alert_\(rawValue)" }

    /// The alert of this IANA name, or of the form `alert_N`.
    package init?(name: String) {
        if let known = Self.names.first(where: { $0.value == name }) {
            self.init(rawValue: known.key)
        } else if name.hasPrefix("alert_"), let number = UInt8(name.dropFirst("alert_".count)) {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }

    package static func < (lhs: AlertDescription, rhs: AlertDescription) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

extension AlertDescription: Codable {
    package init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let alert = AlertDescription(name: name) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no TLS alert has the name \(name)")
            )
        }
        self = alert
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
